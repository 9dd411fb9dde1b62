namespace FlowRatio.Training.Trust;

/// <summary>
/// Non-negative weights of members, by the label log-loss of rows that the members did not see: z_c = log share_c + sum over members of w_k f_k(x, c). Each
/// unit of weight has a price in nats, so that members that say nothing get nothing.
/// </summary>
internal static class StackFit
{
    private const int MostSweeps = 200;
    private const double Converged = 1e-5;

    /// <summary>Fits the weights at one price.</summary>
    /// <param name="values">Per member its values, row-major <c>[rows, classes]</c>.</param>
    /// <param name="labels">Class of every row.</param>
    /// <param name="logShares">log share of every class.</param>
    /// <param name="price">Nats per unit of weight.</param>
    public static double[] Run(IReadOnlyList<double[]> values, int[] labels, double[] logShares, double price) =>
        Run(values, labels, logShares, [.. values.Select(_ => price)]);

    /// <summary>Fits the weights by Newton steps in one weight after another.</summary>
    /// <param name="values">Per member its values, row-major <c>[rows, classes]</c>.</param>
    /// <param name="labels">Class of every row.</param>
    /// <param name="logShares">log share of every class.</param>
    /// <param name="prices">Nats per unit of each weight.</param>
    public static double[] Run(IReadOnlyList<double[]> values, int[] labels, double[] logShares, double[] prices)
    {
        int classes = logShares.Length;
        double[] weights = new double[values.Count], logits = new double[labels.Length * classes], probabilities = new double[classes];
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = logShares[i % classes];
        }

        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double moved = 0;
            for (int k = 0; k < weights.Length; k++)
            {
                double slope = prices[k], curvature = 1e-9;
                for (int r = 0; r < labels.Length; r++)
                {
                    ReadOnlySpan<double> own = values[k].AsSpan(r * classes, classes);
                    Softmax(logits.AsSpan(r * classes, classes), probabilities);
                    double mean = 0, square = 0;
                    for (int c = 0; c < classes; c++)
                    {
                        mean += probabilities[c] * own[c];
                        square += probabilities[c] * own[c] * own[c];
                    }

                    slope += mean - own[labels[r]];
                    curvature += square - (mean * mean);
                }

                // A step of at most a half: where probabilities are near 0 and 1 the curvature misleads.
                double step = Math.Max(-weights[k], Math.Clamp(-slope / curvature, -0.5, 0.5));
                if (step == 0)
                {
                    continue;
                }

                weights[k] += step;
                moved = Math.Max(moved, Math.Abs(step));
                for (int i = 0; i < logits.Length; i++)
                {
                    logits[i] += step * values[k][i];
                }
            }

            if (moved < Converged)
            {
                break;
            }
        }

        return weights;
    }

    private static void Softmax(ReadOnlySpan<double> logits, double[] probabilities)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double value in logits)
        {
            largest = Math.Max(largest, value);
        }

        for (int c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] = Math.Exp(logits[c] - largest);
            sum += probabilities[c];
        }

        for (int c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] /= sum;
        }
    }
}
