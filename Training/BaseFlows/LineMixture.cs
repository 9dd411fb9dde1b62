using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// A mixture of Gaussians for one coordinate, by EM (Dempster, Laird, Rubin 1977) from quantiles. First choice is a location mixture: eight Gaussians of one
/// variance, close to the nonparametric maximum-likelihood estimate (Kiefer and Wolfowitz 1956), whose tails fall off as the best-determined number of the
/// fit, the common variance, says. Variances of their own fit a few extreme rows better and may be far off beyond them, where a log-ratio is read; they are
/// taken only where the data clearly ask for them, as spikes beside broad parts do.
/// </summary>
/// <param name="Components">The components, of dimension 1.</param>
/// <param name="LogLikelihood">Of all rows, in nats.</param>
/// <param name="Parameters">Number of free parameters.</param>
internal sealed record LineMixture(IReadOnlyList<GaussianComponent> Components, double LogLikelihood, int Parameters)
{
    // Extra locations cost a log-ratio one part in the number of rows each; too few bend it where rows are few.
    private const int Locations = 8;

    // Rows that each location needs on average.
    private const int RowsPerLocation = 50;
    private const int MostOfTheirOwn = 4;

    // Nats of all rows: more than chance gives to a few variances.
    private const double Clear = 20;
    private const int Iterations = 400;
    private const double StartOfCommon = 0.2;
    private const double Converged = 1e-3;
    private const double RelativeFloor = 1e-3;
    private const double PseudoRows = 3;
    private const double FewestRows = 5;

    /// <summary>Fits some rows.</summary>
    /// <param name="values">The coordinate of all rows.</param>
    /// <param name="rows">Row numbers.</param>
    /// <param name="components">Number of components, all of one variance; or null to choose.</param>
    /// <param name="smallest">Smallest variance, for a coordinate that does not vary; positive.</param>
    /// <param name="cancellation">Looked at before every iteration.</param>
    public static LineMixture Of(ReadOnlySpan<float> values, ReadOnlySpan<int> rows, int? components, double smallest, CancellationToken cancellation)
    {
        var grouped = GroupedRows.Of(values, rows);
        LineMixture common = Fit(grouped, components ?? Math.Clamp(rows.Length / RowsPerLocation, 1, Locations), true, smallest, cancellation);
        if (components is not null)
        {
            return common;
        }

        double price = 0.5 * Math.Log(rows.Length);
        LineMixture own = Enumerable.Range(1, MostOfTheirOwn)
            .Select(count => Fit(grouped, count, false, smallest, cancellation))
            .MaxBy(fit => fit.LogLikelihood - (price * fit.Parameters))!;
        return own.LogLikelihood > common.LogLikelihood + Clear ? own : common;
    }

    private static LineMixture Fit(GroupedRows rows, int count, bool isCommon, double smallest, CancellationToken cancellation)
    {
        double floor = Math.Max(RelativeFloor * rows.Variance, smallest), prior = Math.Max(rows.Variance, floor) / (count * count);

        // A common variance comes from above and slowly: where the iterations end before it has arrived, the tails are a little too wide, not too narrow.
        double start = isCommon ? Math.Max(prior, StartOfCommon * rows.Variance) : prior;
        double[] weights = [.. Enumerable.Repeat(1.0 / count, count)], variances = [.. Enumerable.Repeat(start, count)];
        double[] means = [.. Enumerable.Range(0, count).Select(k => rows.Quantile((k + 0.5) / count))];
        double likelihood = double.NegativeInfinity;
        for (int i = 0; i < Iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Sums sums = Sum(rows, weights, means, variances);
            int[] kept = [.. Enumerable.Range(0, weights.Length).Where(k => sums.Counts[k] >= Math.Min(FewestRows, 0.5 * rows.Count / count))];
            if (sums.LogLikelihood - likelihood < Converged && kept.Length == weights.Length)
            {
                break;
            }

            double total = kept.Sum(k => sums.Counts[k]);
            double[] shifts = [.. kept.Select(k => sums.Shifts[k] / sums.Counts[k])];
            double[] squares = [.. kept.Select((k, at) => sums.Squares[k] - (sums.Counts[k] * shifts[at] * shifts[at]))];
            variances = isCommon
                ? [.. kept.Select(_ => Math.Max(squares.Sum() / total, floor))]
                : [.. kept.Select((k, at) => Math.Max((squares[at] + (PseudoRows * prior)) / (sums.Counts[k] + PseudoRows), floor))];
            means = [.. kept.Select((k, at) => means[k] + shifts[at])];
            int before = weights.Length;
            weights = [.. kept.Select(k => sums.Counts[k] / total)];

            // A removal may lower the likelihood; the iterations then go on from there.
            likelihood = weights.Length == before ? sums.LogLikelihood : double.NegativeInfinity;
        }

        GaussianComponent[] components = [.. weights.Select((weight, k) => new GaussianComponent(weight, [means[k]], [EigenBlock.OfOne(0, variances[k])]))];
        int parameters = (2 * components.Length) - 1 + (isCommon ? 1 : components.Length);
        return new LineMixture(components, Sum(rows, weights, means, variances).LogLikelihood, parameters);
    }

    private static Sums Sum(GroupedRows rows, double[] weights, double[] means, double[] variances)
    {
        int count = weights.Length;
        double[] scales = [.. variances.Select((variance, k) => Math.Log(weights[k]) - (0.5 * Math.Log(2 * Math.PI * variance)))];
        double[] halves = [.. variances.Select(variance => 0.5 / variance)], terms = new double[count];
        double[] counts = new double[count], shifts = new double[count], squares = new double[count];
        double likelihood = 0;
        for (int g = 0; g < rows.Values.Length; g++)
        {
            double largest = double.NegativeInfinity, total = 0;
            for (int k = 0; k < count; k++)
            {
                double deviation = rows.Values[g] - means[k];
                terms[k] = scales[k] - (halves[k] * ((deviation * deviation) + rows.Variances[g]));
                largest = Math.Max(largest, terms[k]);
            }

            for (int k = 0; k < count; k++)
            {
                terms[k] = Math.Exp(terms[k] - largest);
                total += terms[k];
            }

            likelihood += rows.Counts[g] * (largest + Math.Log(total));
            for (int k = 0; k < count; k++)
            {
                double share = rows.Counts[g] * terms[k] / total, deviation = rows.Values[g] - means[k];
                counts[k] += share;
                shifts[k] += share * deviation;
                squares[k] += share * ((deviation * deviation) + rows.Variances[g]);
            }
        }

        return new Sums(likelihood, counts, shifts, squares);
    }

    /// <summary>Sums over all rows under the present components; deviations are from their present means.</summary>
    private sealed record Sums(double LogLikelihood, double[] Counts, double[] Shifts, double[] Squares);

    /// <summary>Sorted rows, neighbours taken together by count, mean and variance; the extreme ones, which decide tails, on their own.</summary>
    private sealed record GroupedRows(double[] Values, double[] Variances, double[] Counts, double Count, double Variance)
    {
        private const int Extremes = 200;
        private const int Groups = 1000;

        public static GroupedRows Of(ReadOnlySpan<float> values, ReadOnlySpan<int> rows)
        {
            double[] sorted = new double[rows.Length];
            for (int i = 0; i < sorted.Length; i++)
            {
                sorted[i] = values[rows[i]];
            }

            Array.Sort(sorted);
            int size = Math.Max(1, (sorted.Length - (2 * Extremes)) / Groups);
            List<double> means = [], variances = [], counts = [];
            for (int first = 0; first < sorted.Length;)
            {
                bool isExtreme = first < Extremes || first >= sorted.Length - Extremes;
                int count = isExtreme ? 1 : Math.Min(size, sorted.Length - Extremes - first);
                (double mean, double variance) = Moments(sorted.AsSpan(first, count));
                means.Add(mean);
                variances.Add(variance);
                counts.Add(count);
                first += count;
            }

            return new GroupedRows([.. means], [.. variances], [.. counts], sorted.Length, Moments(sorted).Variance);
        }

        /// <summary>A value that about this share of the rows is below.</summary>
        public double Quantile(double share)
        {
            double rest = share * Count;
            int at = 0;
            while (at < Values.Length - 1 && rest >= Counts[at])
            {
                rest -= Counts[at++];
            }

            return Values[at];
        }

        private static (double Mean, double Variance) Moments(ReadOnlySpan<double> values)
        {
            double mean = 0, squares = 0;
            foreach (double value in values)
            {
                mean += value / values.Length;
            }

            foreach (double value in values)
            {
                squares += (value - mean) * (value - mean) / values.Length;
            }

            return (mean, squares);
        }
    }
}
