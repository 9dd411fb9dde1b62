using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>One backend per number of threads, shared by all cases; an idle one costs nothing, its workers sleep.</summary>
internal sealed class SpeedBackends : IDisposable
{
    private readonly Dictionary<int, CpuBackend> backends = [];

    /// <summary>The backend with so many threads.</summary>
    public CpuBackend this[int threads]
    {
        get
        {
            if (!backends.TryGetValue(threads, out CpuBackend? backend))
            {
                backend = new CpuBackend(threads);
                backends.Add(threads, backend);
            }

            return backend;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CpuBackend backend in backends.Values)
        {
            backend.Dispose();
        }
    }
}
