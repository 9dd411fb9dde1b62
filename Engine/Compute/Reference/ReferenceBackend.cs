namespace FlowRatio.Engine.Compute.Reference;

/// <summary>
/// The plain double-precision implementation of the contract: nested loops that read like the formulas. It is what every other
/// backend is tested against and what finite differences are taken of; it refuses to be fast.
/// </summary>
public sealed partial class ReferenceBackend : ComputeBackend
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override double UnitRoundoff => 1.0 / (1L << 53);

    /// <inheritdoc/>
    protected override Matrix CreateMatrixCore(int rows, int columns, int segments) =>
        new ReferenceMatrix(segments, rows, columns);

    /// <inheritdoc/>
    protected override ParameterBuffer CreateParametersCore(int length) => new ReferenceParameterBuffer(length);

    /// <inheritdoc/>
    protected override IndexBuffer CreateIndicesCore(int capacity) => new HostIndexBuffer(capacity);

    /// <inheritdoc/>
    protected override Accumulator CreateAccumulatorCore(int rows, int series) => new HostAccumulator(series, rows);

    private static ReferenceMatrix Own(Matrix matrix) => (ReferenceMatrix)matrix;

    private static HostAccumulator Own(Accumulator sums) => (HostAccumulator)sums;

    private static Span<int> Own(IndexBuffer indices) => ((HostIndexBuffer)indices).Values;

    private static Span<double> Row(ParameterView view, int row) =>
        ((ReferenceParameterBuffer)view.Buffer).Values.AsSpan(view.Offset + (row * view.Stride), view.Columns);

    private static double[] Own(ParameterBuffer buffer) => ((ReferenceParameterBuffer)buffer).Values;
}
