using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Training.Data;
using MathNet.Numerics.Distributions;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// Whether a base has the marginals of held-out rows: Kolmogorov and Smirnov's distance, per condition and coordinate, between the rows' distribution
/// function and the base's. Where the marginals are wrong the base has the wrong form, and networks on top of it are slow to mend that, the slower the
/// more dimensions there are.
/// </summary>
/// <param name="Condition">The condition with the largest distance for its number of rows.</param>
/// <param name="Coordinate">The coordinate, from 0.</param>
/// <param name="Distance">Largest difference of the two distribution functions, in [0, 1].</param>
/// <param name="Allowed">The distance that is put down to chance or does not matter.</param>
internal sealed record MarginalFit(Condition Condition, int Coordinate, double Distance, double Allowed)
{
    // Chance gives more than 2.5 / sqrt(rows) once in 130,000 coordinates (2 exp(-2 * 2.5^2)).
    private const double Chance = 2.5;

    // With many rows the smallest difference is certain. A uniform density and its Gaussian are 0.06 apart, Student's t of ten degrees of freedom and its
    // Gaussian 0.01.
    private const double Material = 0.03;

    private const int MostRows = 20_000;

    /// <summary>Whether the base has these marginals.</summary>
    public bool IsGood => Distance <= Allowed;

    /// <summary>The worst marginal of a base.</summary>
    /// <param name="baseFlow">The base.</param>
    /// <param name="rows">Rows that it was not fitted to, in the network's coordinates.</param>
    public static MarginalFit Worst(BaseFlow baseFlow, TrainingSet rows)
    {
        var groups = new ConditionRows(rows);
        return groups.Observed
            .SelectMany(condition => Enumerable.Range(0, rows.Dimension).Select(coordinate => Of(baseFlow, rows, condition, groups[condition], coordinate)))
            .MaxBy(fit => fit.Distance / fit.Allowed)!;
    }

    private static MarginalFit Of(BaseFlow baseFlow, TrainingSet rows, Condition condition, int[] numbers, int coordinate)
    {
        int stride = Math.Max(1, numbers.Length / MostRows);
        double[] values = [.. numbers.Where((_, i) => i % stride == 0).Select(row => (double)rows.Points[(row * rows.Dimension) + coordinate]).Order()];
        BaseFactor factor = baseFlow.Densities[baseFlow.NumberOf(condition)].FactorOf(coordinate);
        int own = factor.Coordinates.IndexOf(coordinate);
        (double Weight, double Mean, double Deviation)[] parts =
        [
            .. factor.Components.Select(component => (component.Weight, component.Mean[own], Math.Sqrt(Variance(component, own)))),
        ];
        double distance = 0;

        // A coordinate that does not vary is half a unit off any continuous distribution, and says nothing about its form.
        bool varies = values[0] != values[^1];
        for (int i = 0; varies && i < values.Length; i++)
        {
            double share = parts.Sum(part => part.Weight * Normal.CDF(part.Mean, part.Deviation, values[i]));
            distance = Math.Max(distance, Math.Max(share - (i / (double)values.Length), ((i + 1) / (double)values.Length) - share));
        }

        return new MarginalFit(condition, coordinate, distance, Math.Max(Material, Chance / Math.Sqrt(values.Length)));
    }

    /// <summary>Variance of one coordinate: the sum of the variances along the principal directions, weighted with their squared shares in it.</summary>
    private static double Variance(GaussianComponent component, int coordinate)
    {
        EigenBlock block = component.Blocks.First(candidate => candidate.Coordinates.Contains(coordinate));
        int at = block.Coordinates.IndexOf(coordinate);
        return Enumerable.Range(0, block.Size).Sum(i =>
        {
            double direction = block.Directions[(i * block.Size) + at];
            return direction * direction * block.Variances[i];
        });
    }
}
