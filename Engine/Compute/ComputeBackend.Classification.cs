namespace FlowRatio.Engine.Compute;

/// <content>Training of classifiers.</content>
public abstract partial class ComputeBackend
{
    /// <summary>
    /// Cross-entropy of a softmax: loss = mean over rows of log sum_j e^(y_j) - y_c with the row's class c, and its gradient
    /// dY = (softmax(y) - e_c) / n. Exponents are taken relative to the row's largest logit; the loss is summed in float64 in a fixed order.
    /// </summary>
    /// <param name="logits">y, <c>[1; n, classes]</c>.</param>
    /// <param name="classes">c, n entries in [0, classes).</param>
    /// <param name="series">The series of <paramref name="loss"/> that receives the loss.</param>
    /// <param name="loss">One row; the series is overwritten. In nats.</param>
    /// <param name="dLogits"><c>[1; n, classes]</c>, overwritten; another matrix than the logits.</param>
    public void SoftmaxCrossEntropy(Matrix logits, IndexBuffer classes, int series, Accumulator loss, Matrix dLogits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireShape(logits, nameof(logits), 1, logits.Rows, logits.Columns);
        RequireLength(classes, nameof(classes), logits.Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        RequireShape(loss, nameof(loss), series + 1, 1);
        RequireShape(dLogits, nameof(dLogits), 1, logits.Rows, logits.Columns);
        SoftmaxCrossEntropyCore(logits, classes, series, loss, dLogits);
    }

    /// <inheritdoc cref="SoftmaxCrossEntropy"/>
    protected abstract void SoftmaxCrossEntropyCore(Matrix logits, IndexBuffer classes, int series, Accumulator loss, Matrix dLogits);
}
