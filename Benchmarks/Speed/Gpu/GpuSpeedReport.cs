using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Speed.Gpu;

/// <summary>The JSON of <c>gpu --speed</c>; written anew after every case, so that a run that is cut off loses the case in progress alone.</summary>
/// <param name="Experiment">"gpu-speed".</param>
/// <param name="Implementation">"flowratio"; the peer's files have "pytorch".</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Description">Card, driver, memory.</param>
/// <param name="IsComplete">Whether every case that was asked for is in it.</param>
/// <param name="CopyGbps">Measured bandwidth of a copy, 10^9 bytes read and written per second.</param>
/// <param name="Fp32Tflops">Measured float32 ceiling.</param>
/// <param name="Rows">One row per case and precision.</param>
/// <param name="Paper">The published cell from data to errors, one per precision (and "... without graphs").</param>
internal sealed record GpuSpeedReport(
    string Experiment,
    string Implementation,
    string Device,
    string Description,
    bool IsComplete,
    double CopyGbps,
    double Fp32Tflops,
    IReadOnlyList<GpuSpeedRow> Rows,
    IReadOnlyDictionary<string, ExperimentReport> Paper);
