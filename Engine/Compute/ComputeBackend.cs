namespace FlowRatio.Engine.Compute;

/// <summary>
/// The fused operations that the engine needs of a processor. Public members check shapes once and call a protected
/// <c>...Core</c> method, which trusts them; every backend passes the same contract tests against
/// <see cref="Reference.ReferenceBackend"/>.
/// </summary>
/// <remarks>
/// Conventions. A matrix is <c>[segments; rows, columns]</c>, rows are samples. Unless an operation says otherwise, outputs are
/// overwritten and must not overlap inputs. An instance is used by one thread at a time; it may use many threads itself, and
/// its results do not depend on how many. Each row's result depends on that row alone, never on the number of rows.
/// </remarks>
public abstract partial class ComputeBackend : IDisposable
{
    /// <summary>Short name, as in <c>--device</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Unit roundoff of the storage: 2^-24 for float32, 2^-53 for float64.</summary>
    public abstract double UnitRoundoff { get; }

    /// <summary>Memory that one evaluation's workspace should not exceed, in bytes; chunks of points are chosen by it.</summary>
    public virtual long WorkspaceBytes => 256L << 20;

    /// <summary>Rows per evaluation from which on more of them no longer help; the chunk of points unless the caller chooses one.</summary>
    public virtual int PreferredRows => 1024;

    /// <summary>Rows that cost as much together as one of them: a matrix takes the memory and the time of a multiple of this number.</summary>
    public virtual int RowGranularity => 1;

    /// <summary>
    /// Threads that what is computed on the host beside the backend, as fits and inverses, may take: the backend's own where it computes there, else one per processor.
    /// </summary>
    public virtual int HostThreads => Environment.ProcessorCount;

    /// <summary>Allocates a matrix of zeros.</summary>
    /// <param name="rows">Rows per segment (also the capacity).</param>
    /// <param name="columns">Columns.</param>
    /// <param name="segments">Stacked matrices.</param>
    public Matrix CreateMatrix(int rows, int columns, int segments = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        return CreateMatrixCore(rows, columns, segments);
    }

    /// <summary>Allocates a flat buffer of zeros for parameters, gradients or optimiser state.</summary>
    /// <param name="length">Number of parameters.</param>
    public ParameterBuffer CreateParameters(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return CreateParametersCore(length);
    }

    /// <summary>Allocates a list of integers, all zero.</summary>
    /// <param name="capacity">Largest length.</param>
    public IndexBuffer CreateIndices(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return CreateIndicesCore(capacity);
    }

    /// <summary>Allocates float64 sums, all zero.</summary>
    /// <param name="rows">Rows (also the capacity).</param>
    /// <param name="series">Sums per row.</param>
    public Accumulator CreateAccumulator(int rows, int series = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(series, 1);
        return CreateAccumulatorCore(rows, series);
    }

    /// <summary>Prepares for operations that will be asked for again and again, each time in the same order on the same operands.</summary>
    public virtual RepeatedWork CreateRepeatedWork() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Number of allocations so far, on devices whose memory must be freed by hand; else 0.</summary>
    protected internal virtual long AllocationMark => 0;

    /// <summary>Frees what has been allocated since a mark: undoes a construction that ran out of memory half-way.</summary>
    /// <param name="mark">An earlier <see cref="AllocationMark"/>.</param>
    protected internal virtual void FreeSince(long mark)
    {
    }

    /// <summary>Frees what the backend holds.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <inheritdoc cref="CreateMatrix"/>
    protected abstract Matrix CreateMatrixCore(int rows, int columns, int segments);

    /// <inheritdoc cref="CreateParameters"/>
    protected abstract ParameterBuffer CreateParametersCore(int length);

    /// <inheritdoc cref="CreateIndices"/>
    protected abstract IndexBuffer CreateIndicesCore(int capacity);

    /// <inheritdoc cref="CreateAccumulator"/>
    protected abstract Accumulator CreateAccumulatorCore(int rows, int series);

    private static void RequireShape(Matrix matrix, string name, int segments, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        if (matrix.Segments < segments || matrix.Rows != rows || matrix.Columns != columns)
        {
            throw new ArgumentException(
                $"{name} is [{matrix.Segments}; {matrix.Rows}, {matrix.Columns}], expected [{segments}; {rows}, {columns}].",
                name);
        }
    }

    private static void RequireShape(ParameterView view, string name, int rows, int columns)
    {
        if (view.Buffer is null || view.Rows != rows || view.Columns != columns)
        {
            throw new ArgumentException($"{name} is [{view.Rows}, {view.Columns}], expected [{rows}, {columns}].", name);
        }
    }

    private static void RequireLength(IndexBuffer indices, string name, int length)
    {
        ArgumentNullException.ThrowIfNull(indices, name);
        if (indices.Length != length)
        {
            throw new ArgumentException($"{name} has {indices.Length} entries, expected {length}.", name);
        }
    }

    private static void RequireShape(Accumulator sums, string name, int series, int rows)
    {
        ArgumentNullException.ThrowIfNull(sums, name);
        if (sums.Series < series || sums.Rows != rows)
        {
            throw new ArgumentException($"{name} is [{sums.Series}, {sums.Rows}], expected [{series}, {rows}].", name);
        }
    }
}
