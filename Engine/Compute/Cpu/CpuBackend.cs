namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// The float32 backend that runs everywhere: hand-written SIMD kernels on panels of 32 rows (see docs/architecture.md) and a
/// pool of threads. Results have the same bits for any number of threads and any number of rows.
/// </summary>
public sealed partial class CpuBackend : ComputeBackend
{
    private readonly CpuKernels kernels;
    private readonly WorkerPool pool;
    private double[] partialSums = [];
    private AlignedArray targetScratch = new(0);

    /// <summary>Creates the backend.</summary>
    /// <param name="threads">Threads to compute with; 0 takes one per processor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public CpuBackend(int threads = 0)
        : this(threads, CpuKernels.Detect())
    {
    }

    /// <summary>Creates the backend with given kernels (tests of every instruction set).</summary>
    internal CpuBackend(int threads, CpuKernels kernels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        this.kernels = kernels;
        pool = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override int RowGranularity => CpuMatrix.PanelRows;

    /// <inheritdoc/>
    public override int HostThreads => Threads;

    /// <inheritdoc/>
    public override double UnitRoundoff => 1.0 / (1 << 24);

    /// <summary>The instruction set in use: avx512, avx2 or vector128.</summary>
    public string InstructionSet => kernels.Name;

    /// <summary>Threads in use.</summary>
    public int Threads => pool.Threads;

    /// <inheritdoc/>
    protected override Matrix CreateMatrixCore(int rows, int columns, int segments) => new CpuMatrix(segments, rows, columns);

    /// <inheritdoc/>
    protected override ParameterBuffer CreateParametersCore(int length) => new CpuParameterBuffer(length);

    /// <inheritdoc/>
    protected override IndexBuffer CreateIndicesCore(int capacity) => new HostIndexBuffer(capacity);

    /// <inheritdoc/>
    protected override Accumulator CreateAccumulatorCore(int rows, int series) => new HostAccumulator(series, rows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            pool.Dispose();
        }

        base.Dispose(disposing);
    }

    private static CpuMatrix Own(Matrix matrix) => (CpuMatrix)matrix;

    private static HostAccumulator Own(Accumulator sums) => (HostAccumulator)sums;

    private static HostIndexBuffer Own(IndexBuffer indices) => (HostIndexBuffer)indices;

    private static CpuParameterBuffer Own(ParameterBuffer buffer) => (CpuParameterBuffer)buffer;

    private static unsafe float* Pointer(ParameterView view) => Own(view.Buffer).Pointer + view.Offset;
}
