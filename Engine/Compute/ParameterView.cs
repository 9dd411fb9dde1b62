namespace FlowRatio.Engine.Compute;

/// <summary>
/// A row-major matrix <c>[Rows, Columns]</c> inside a <see cref="ParameterBuffer"/>: element (i, j) is at Offset + i Stride + j.
/// A weight is <c>[outputs, inputs]</c>, as in PyTorch; a bias is <c>[1, outputs]</c>.
/// </summary>
/// <param name="Buffer">The flat buffer.</param>
/// <param name="Offset">Index of element (0, 0).</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Stride">Distance between rows.</param>
public readonly record struct ParameterView(ParameterBuffer Buffer, int Offset, int Rows, int Columns, int Stride)
{
    /// <summary>Some columns of this view: the weights of some of a layer's inputs.</summary>
    /// <param name="first">First column.</param>
    /// <param name="count">Number of columns, at least 1.</param>
    public ParameterView SliceColumns(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Columns, nameof(count));
        return this with { Offset = Offset + first, Columns = count };
    }
}
