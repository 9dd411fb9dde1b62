namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Classifiers.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyCore(Matrix logits, IndexBuffer classes, int series, Accumulator loss, Matrix dLogits)
    {
        // A few numbers per row: not worth a second thread.
        CpuMatrix values = Own(logits), gradients = Own(dLogits);
        ReadOnlySpan<int> labels = Own(classes).Values;
        int columns = values.Columns;
        double total = 0;
        for (int r = 0; r < values.Rows; r++)
        {
            float* row = values.Row(0, r);
            float* gradient = gradients.Row(0, r);
            double largest = row[0];
            for (int j = 1; j < columns; j++)
            {
                largest = Math.Max(largest, row[j * CpuMatrix.PanelRows]);
            }

            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                sum += Math.Exp(row[j * CpuMatrix.PanelRows] - largest);
            }

            int own = labels[r];
            double logSum = largest + Math.Log(sum);
            total += logSum - row[own * CpuMatrix.PanelRows];
            for (int j = 0; j < columns; j++)
            {
                double probability = Math.Exp(row[j * CpuMatrix.PanelRows] - logSum);
                gradient[j * CpuMatrix.PanelRows] = (float)((probability - (j == own ? 1 : 0)) / values.Rows);
            }
        }

        Own(loss).Values(series)[0] = total / values.Rows;
    }
}
