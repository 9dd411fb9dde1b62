namespace FlowRatio.Training.Trust;

/// <summary>Weights of a stack's columns: members, variants of each, parts of each variant.</summary>
/// <param name="Owners">Member of each column.</param>
/// <param name="Stacked">Weight of each column in the sum.</param>
/// <param name="Single">Weight of each column where its member stands alone, in its best variant; -1 for the other variants.</param>
/// <param name="Spread">Squared deviation of such columns from the sum, per class: the median over columns of medians over rows.</param>
/// <param name="Typical">The same with the medians in the other order: what <see cref="Disagreement"/> is compared with.</param>
internal sealed record StackWeights(int[] Owners, double[] Stacked, double[] Single, double[] Spread, double[] Typical)
{
    // A unit of weight has a price in nats, which keeps weights at zero where there is no difference. Where there is one it would only shrink log-ratios.
    private const double DoubtfulPrice = 2;
    private const double ClearPrice = 0.5;
    private const double ClearNats = 6;

    /// <summary>Per member the columns that it has where it stands alone.</summary>
    public IReadOnlyList<int[]> Judged { get; } =
        [.. Enumerable.Range(0, Single.Length).Where(i => Single[i] >= 0).GroupBy(i => Owners[i]).Select(group => group.ToArray())];

    private int Classes => Spread.Length;

    /// <summary>Values of a row.</summary>
    public double[] Sum(double[][] columns, int row)
    {
        double[] values = new double[Classes];
        for (int i = 0; i < columns.Length; i++)
        {
            for (int c = 0; c < values.Length && Stacked[i] > 0; c++)
            {
                values[c] += Stacked[i] * columns[i][(row * values.Length) + c];
            }
        }

        return values;
    }

    /// <summary>Values of a row by one member.</summary>
    /// <param name="columns">Per column its values, row-major <c>[rows, classes]</c>.</param>
    /// <param name="member">Its columns.</param>
    /// <param name="row">The row.</param>
    public double[] Alone(double[][] columns, int[] member, int row)
    {
        double[] values = new double[Classes];
        foreach (int column in member)
        {
            for (int c = 0; c < values.Length; c++)
            {
                values[c] += Single[column] * columns[column][(row * values.Length) + c];
            }
        }

        return values;
    }

    /// <summary>Fits the weights to values of rows that the members did not see.</summary>
    /// <param name="columns">Per column its values, row-major <c>[rows, classes]</c>.</param>
    /// <param name="variants">Member and variant of every column.</param>
    /// <param name="parts">Parts of each variant; they follow one another.</param>
    /// <param name="labels">Class of every row.</param>
    /// <param name="logShares">log share of every class.</param>
    /// <param name="copies">How often a row is there, on average: copies are no further evidence, so nats count by that much less.</param>
    public static StackWeights Fit(
        double[][] columns, IReadOnlyList<(int Member, int Variant)> variants, int parts, int[] labels, double[] logShares, double copies)
    {
        double[] single = [.. Enumerable.Repeat(-1.0, columns.Length)];
        foreach (var member in Enumerable.Range(0, columns.Length).GroupBy(i => variants[i].Member))
        {
            (double Loss, int[] Columns, double[] Weights) best = member.GroupBy(i => variants[i].Variant).Select(variant =>
            {
                int[] own = [.. variant];
                double[] fitted = StackFit.Run([.. own.Select(i => columns[i])], labels, logShares, copies * DoubtfulPrice);
                return (Loss(Sum(own.Select(i => columns[i]), fitted), 1, labels, logShares), own, fitted);
            }).MinBy(entry => entry.Item1);
            for (int i = 0; i < best.Columns.Length; i++)
            {
                single[best.Columns[i]] = best.Weights[i];
            }
        }

        var weights = new StackWeights(
            [.. variants.Select(entry => entry.Member)], Stack(columns, parts, labels, logShares, copies), single, new double[logShares.Length], new double[logShares.Length]);
        weights.Measure(columns, labels);
        return weights;
    }

    /// <summary>Part by part: one covariate may differ clearly and another not at all.</summary>
    private static double[] Stack(double[][] columns, int parts, int[] labels, double[] logShares, double copies)
    {
        double[] weights = StackFit.Run(columns, labels, logShares, copies * DoubtfulPrice);
        double loss = Loss(Sum(columns, weights), 1, labels, logShares);
        double[] prices = new double[columns.Length];
        for (int part = 0; part < parts; part++)
        {
            double[] without = [.. weights.Select((weight, i) => i % parts == part ? 0 : weight)];
            double gained = labels.Length * (Loss(Sum(columns, without), 1, labels, logShares) - loss);
            for (int i = part; i < prices.Length; i += parts)
            {
                prices[i] = copies * (gained > copies * ClearNats ? ClearPrice : DoubtfulPrice);
            }
        }

        return StackFit.Run(columns, labels, logShares, prices);
    }

    private static double[] Sum(IEnumerable<double[]> columns, double[] weights)
    {
        double[] sum = [];
        foreach ((int i, double[] column) in columns.Index())
        {
            sum = sum.Length == 0 ? new double[column.Length] : sum;
            for (int j = 0; j < sum.Length && weights[i] > 0; j++)
            {
                sum[j] += weights[i] * column[j];
            }
        }

        return sum;
    }

    /// <summary>Mean label log-loss of one column times a weight.</summary>
    public static double Loss(double[] column, double weight, int[] labels, double[] logShares)
    {
        int classes = logShares.Length;
        double[] logits = new double[column.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = logShares[i % classes] + (weight * column[i]);
        }

        return LogLoss.Mean(logits, labels);
    }

    /// <summary>Disagreement of the columns that stand alone with the sum, in the difference of two conditions: the median over columns of squares.</summary>
    public double Disagreement(double[][] columns, int row, ReadOnlySpan<double> values, Func<ReadOnlySpan<double>, double> difference)
    {
        double own = difference(values);
        Span<double> squares = stackalloc double[Judged.Count];
        for (int i = 0; i < squares.Length; i++)
        {
            double deviation = difference(Alone(columns, Judged[i], row)) - own;
            squares[i] = deviation * deviation;
        }

        return Median(squares);
    }

    private static double Median(Span<double> values)
    {
        values.Sort();
        return values.IsEmpty ? 0 : 0.5 * (values[values.Length / 2] + values[(values.Length - 1) / 2]);
    }

    /// <summary>Each row is compared with another class, one after the other, so that the work does not grow with the number of classes.</summary>
    private void Measure(double[][] columns, int[] labels)
    {
        int classes = Spread.Length;
        List<double>[][] squares = [.. Enumerable.Range(0, classes).Select(_ => Judged.Select(_ => new List<double>()).ToArray())];
        List<double>[] medians = [.. Enumerable.Range(0, classes).Select(_ => new List<double>())];
        for (int r = 0; r < labels.Length; r++)
        {
            int a = labels[r], b = (a + 1 + (medians[a].Count % (classes - 1))) % classes;
            double[] sum = Sum(columns, r);
            for (int i = 0; i < Judged.Count; i++)
            {
                double[] own = Alone(columns, Judged[i], r);
                double deviation = own[a] - own[b] - sum[a] + sum[b];
                squares[a][i].Add(deviation * deviation);
            }

            medians[a].Add(Median([.. squares[a].Select(list => list[^1])]));
        }

        for (int a = 0; a < classes; a++)
        {
            Spread[a] = Median([.. squares[a].Select(list => Median([.. list]))]);
            Typical[a] = Median([.. medians[a]]);
        }
    }
}
