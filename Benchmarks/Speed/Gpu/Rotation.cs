namespace FlowRatio.Benchmarks.Speed.Gpu;

/// <summary>The same case on several sets of buffers in turn, so that none finds its operands in the cache.</summary>
internal sealed class Rotation(IReadOnlyList<ISpeedCase> cases) : ISpeedCase
{
    private int next;

    /// <inheritdoc/>
    public SpeedWork Work => cases[0].Work;

    /// <summary>As many cases as fill so many bytes, at least two and at most 16.</summary>
    public static Rotation Of(Func<ISpeedCase> create, long bytesPerCase, long bytes) =>
        new([.. Enumerable.Range(0, (int)Math.Clamp(bytes / Math.Max(1, bytesPerCase), 2, 16)).Select(_ => create())]);

    /// <inheritdoc/>
    public void Run() => cases[next++ % cases.Count].Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ISpeedCase speedCase in cases)
        {
            speedCase.Dispose();
        }
    }
}
