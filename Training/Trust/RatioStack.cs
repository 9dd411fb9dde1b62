using System.Numerics;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Log-ratios that held-out labels support: a sum of several ways to tell conditions apart, with non-negative weights that minimise the label log-loss of rows
/// that were not seen. Every member has a value f(x, c) per combination of categories, so that log-ratios f(x, a) - f(x, b) are antisymmetric and consistent;
/// a condition that drops covariates is the mixture of its combinations. Without a difference between conditions all weights are near 0. Immutable.
/// </summary>
public sealed class RatioStack
{
    // Measured on real cells with known log-ratios (docs/trust.md): the mean squared error grows with the disagreement of members and falls with the rows;
    // it varies from one data set to the next by a factor of two, which the scale has in it. Of a row's own disagreement less than a third counts.
    private const double ErrorScale = 42;
    private const double RowsPower = -0.36;
    private const double SpreadPower = 0.66;
    private const double LeastSpread = 0.003 / 2.2;
    private const double OwnShare = 0.3;
    private const double MeanOfOwn = 1.8;
    private const double LargestOwn = 6;
    private readonly double[] origin;
    private readonly Standardization map;
    private readonly StackClasses classes;
    private readonly FoldTable folds;
    private readonly IReadOnlyList<StackMember> members;
    private readonly StackWeights weights;

    internal RatioStack(
        double[] origin, Standardization map, StackClasses classes, FoldTable folds, IReadOnlyList<StackMember> members, StackWeights weights, StackRecord record)
    {
        this.origin = origin;
        this.map = map;
        this.classes = classes;
        this.folds = folds;
        this.members = members;
        this.weights = weights;
        Record = record;
    }

    /// <summary>What cross-fitting found.</summary>
    public StackRecord Record { get; }

    /// <summary>The combinations of categories that it tells apart.</summary>
    public IReadOnlyList<Condition> Conditions => classes.Conditions;

    /// <summary>What is taken from coordinates before they become float32 <c>[d]</c>.</summary>
    internal ReadOnlySpan<double> Origin => origin;

    internal Standardization Map => map;

    internal StackClasses Classes => classes;

    internal FoldTable Folds => folds;

    internal IReadOnlyList<StackMember> Members => members;

    internal StackWeights Weights => weights;

    /// <summary>log p(x | numerator) - log p(x | denominator) with errors. A row's result depends on that row alone.</summary>
    /// <typeparam name="T">Type of the coordinates; double keeps the digits of coordinates far from zero.</typeparam>
    /// <param name="points">Row-major <c>[rows, d]</c> in the data's coordinates.</param>
    /// <param name="numerator">Condition above the line; dropped covariates are averaged over.</param>
    /// <param name="denominator">Condition below the line.</param>
    /// <param name="threads">Threads; 0 takes one per processor.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    /// <exception cref="ArgumentException">The length is no multiple of d, or a condition had too few rows.</exception>
    public StackedRatios Estimate<T>(
        ReadOnlySpan<T> points, Condition numerator, Condition denominator, int threads = 0, CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        int dimension = map.Mean.Length;
        (int[] Classes, double[] Shares) above = classes.Of(numerator), below = classes.Of(denominator);
        double[] wide = new double[points.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateChecked(points[i]);
        }

        // As the training had them, so that its rows are known again by their bits.
        float[] standard = CenteredPoints.Without(origin, wide);
        sbyte[] own = folds.Of(standard, dimension);
        map.Apply<float>(standard, standard);
        standard = FarValues.Limited(standard);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads, CancellationToken = cancellation };
        var parts = new StackParts(classes.Conditions);
        double[][] columns = [.. members.SelectMany(member => member.Evaluate(standard, own, folds.Repeats, parallel)).SelectMany(parts.Split)];

        int rows = points.Length / dimension;
        double expected = ExpectedError(above, below), typical = PairMean(weights.Typical, above, below);
        double[] values = new double[rows], errors = new double[rows];
        for (int r = 0; r < rows; r++)
        {
            double[] sum = weights.Sum(columns, r);
            values[r] = Difference(sum, above, below);
            double relative = typical > 0 ? weights.Disagreement(columns, r, sum, row => Difference(row, above, below)) / typical : MeanOfOwn;
            errors[r] = Math.Sqrt(expected * (1 - OwnShare + (OwnShare * Math.Min(relative, LargestOwn) / MeanOfOwn)));
        }

        return new StackedRatios(values, errors, Enumerable.Range(0, rows).Count(r => own[r * folds.Repeats] >= 0));
    }

    /// <summary>Difference of two conditions' values, each the mixture of its classes.</summary>
    private static double Difference(ReadOnlySpan<double> values, (int[] Classes, double[] Shares) above, (int[] Classes, double[] Shares) below) =>
        Mixture(values, above) - Mixture(values, below);

    private static double Mixture(ReadOnlySpan<double> values, (int[] Classes, double[] Shares) condition)
    {
        if (condition.Classes.Length == 1)
        {
            return values[condition.Classes[0]];
        }

        double largest = double.NegativeInfinity, sum = 0;
        foreach (int c in condition.Classes)
        {
            largest = Math.Max(largest, values[c]);
        }

        for (int i = 0; i < condition.Classes.Length; i++)
        {
            sum += condition.Shares[i] * Math.Exp(values[condition.Classes[i]] - largest);
        }

        return largest + Math.Log(sum);
    }

    /// <summary>Mean squared error to be expected, from the disagreement of members on rows that they did not see and the number of rows.</summary>
    private double ExpectedError((int[] Classes, double[] Shares) above, (int[] Classes, double[] Shares) below)
    {
        double up = above.Classes.Sum(c => (double)classes.Rows[c]), down = below.Classes.Sum(c => (double)classes.Rows[c]);

        // Copies of rows are no further rows.
        double distinct = folds.Digests.Count / (double)classes.Rows.Sum();
        return ErrorScale * Math.Pow(distinct * 4 * up * down / (up + down), RowsPower) * Math.Pow(PairMean(weights.Spread, above, below) + LeastSpread, SpreadPower);
    }

    private static double PairMean(double[] perClass, (int[] Classes, double[] Shares) above, (int[] Classes, double[] Shares) below) =>
        0.5 * (above.Classes.Zip(above.Shares, (c, share) => share * perClass[c]).Sum() + below.Classes.Zip(below.Shares, (c, share) => share * perClass[c]).Sum());
}
