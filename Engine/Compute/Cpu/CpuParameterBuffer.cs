namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A flat buffer of floats that keeps packed copies of the weights in it and knows when they are out of date.</summary>
internal sealed unsafe class CpuParameterBuffer(int length) : ParameterBuffer(length)
{
    private readonly AlignedArray memory = new(length);
    private readonly Dictionary<(ParameterView View, bool Transposed, CpuKernels Kernels), PackedWeights> packed = [];
    private PackedWeights[] stale = [];
    private int[] firstTasks = [];

    public float* Pointer => memory.Pointer;

    public Span<float> Values => memory.Span;

    /// <summary>The packed form of a weight, packed now if the parameters changed since.</summary>
    public PackedWeights Packed(ParameterView view, bool transposed, CpuKernels kernels, WorkerPool pool)
    {
        if (!packed.TryGetValue((view, transposed, kernels), out PackedWeights? weights))
        {
            weights = new PackedWeights(memory.Pointer + view.Offset, view, transposed, kernels);
            packed.Add((view, transposed, kernels), weights);
            stale = new PackedWeights[packed.Count];
            firstTasks = new int[packed.Count];
        }

        if (weights.Version != Version)
        {
            stale[0] = weights;
            firstTasks[0] = 0;
            pool.Run(new PackWork { Weights = stale, FirstTasks = firstTasks, Count = 1 }, weights.Tasks);
            weights.Version = Version;
        }

        return weights;
    }

    /// <summary>Packs all weights again, in one job, that were in use at an earlier version: after a step of the optimiser.</summary>
    public void Repack(long usedAt, WorkerPool pool)
    {
        int count = 0, tasks = 0;
        foreach (PackedWeights weights in packed.Values)
        {
            if (weights.Version == usedAt)
            {
                stale[count] = weights;
                firstTasks[count++] = tasks;
                tasks += weights.Tasks;
                weights.Version = Version;
            }
        }

        if (count > 0)
        {
            pool.Run(new PackWork { Weights = stale, FirstTasks = firstTasks, Count = count }, tasks);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source)
    {
        for (int i = 0; i < source.Length; i++)
        {
            Pointer[i] = float.CreateTruncating(source[i]);
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(Pointer[i]);
        }
    }
}
