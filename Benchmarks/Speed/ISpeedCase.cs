namespace FlowRatio.Benchmarks.Speed;

/// <summary>One measured thing, prepared: <c>speed</c>, <c>speed --serve</c> and the BenchmarkDotNet classes all run it.</summary>
internal interface ISpeedCase : IDisposable
{
    /// <summary>What one run does.</summary>
    SpeedWork Work { get; }

    /// <summary>Does it once. After the first runs nothing is prepared any more.</summary>
    void Run();
}
