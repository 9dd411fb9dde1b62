namespace FlowRatio.Engine.Compute.Reference;

/// <content>Classifiers.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyCore(Matrix logits, IndexBuffer classes, int series, Accumulator loss, Matrix dLogits)
    {
        double total = 0;
        for (int r = 0; r < logits.Rows; r++)
        {
            Span<double> row = Own(logits).Row(0, r);
            Span<double> gradient = Own(dLogits).Row(0, r);
            double largest = double.NegativeInfinity;
            foreach (double value in row)
            {
                largest = Math.Max(largest, value);
            }

            double sum = 0;
            for (int j = 0; j < row.Length; j++)
            {
                gradient[j] = Math.Exp(row[j] - largest);
                sum += gradient[j];
            }

            int own = Own(classes)[r];
            total += largest + Math.Log(sum) - row[own];
            for (int j = 0; j < row.Length; j++)
            {
                gradient[j] = ((gradient[j] / sum) - (j == own ? 1 : 0)) / logits.Rows;
            }
        }

        Own(loss).Values(series)[0] = total / logits.Rows;
    }
}
