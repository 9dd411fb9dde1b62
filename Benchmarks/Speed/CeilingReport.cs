namespace FlowRatio.Benchmarks.Speed;

/// <summary>The measured arithmetic limit: median over samples taken all through the run.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="Gflops">GFLOP/s of independent multiply-adds.</param>
/// <param name="P10Gflops">A tenth of the samples was slower.</param>
/// <param name="P90Gflops">A tenth was faster.</param>
internal sealed record CeilingReport(int Threads, double Gflops, double P10Gflops, double P90Gflops);
