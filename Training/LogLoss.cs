namespace FlowRatio.Training;

/// <summary>Log-loss of class probabilities given by logits.</summary>
public static class LogLoss
{
    /// <summary>Mean over rows of -log softmax(y)_c in nats.</summary>
    /// <param name="logits">y, row-major <c>[rows, classes]</c>.</param>
    /// <param name="labels">c of every row.</param>
    /// <exception cref="ArgumentException">No rows, or lengths that do not fit.</exception>
    public static double Mean(ReadOnlySpan<double> logits, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty || logits.Length % labels.Length != 0)
        {
            throw new ArgumentException($"logits has {logits.Length} values for {labels.Length} labels.", nameof(logits));
        }

        int classes = logits.Length / labels.Length;
        double total = 0;
        for (int r = 0; r < labels.Length; r++)
        {
            ReadOnlySpan<double> row = logits.Slice(r * classes, classes);
            double largest = double.NegativeInfinity;
            foreach (double value in row)
            {
                largest = Math.Max(largest, value);
            }

            double sum = 0;
            foreach (double value in row)
            {
                sum += Math.Exp(value - largest);
            }

            total += largest + Math.Log(sum) - row[labels[r]];
        }

        return total / labels.Length;
    }
}
