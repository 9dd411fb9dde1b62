using FlowRatio.Engine.Fields;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Splits values per combination of categories into main effects, one per covariate, and the rest, as an analysis of variance does: a stack weighs them apart, so
/// that a covariate without an effect gets log-ratios near 0 although another has a strong one. With one covariate there is one part.
/// </summary>
internal sealed class StackParts
{
    private readonly int classes;

    // Per part the classes over which a class's values are averaged; the last part is what is left.
    private readonly int[][][] groups;

    /// <summary>Finds the covariates in which classes differ.</summary>
    /// <param name="conditions">The classes.</param>
    public StackParts(IReadOnlyList<Condition> conditions)
    {
        classes = conditions.Count;
        int[] varying =
        [
            .. Enumerable.Range(0, conditions[0].Categories.Count).Where(i => conditions.Select(condition => condition.Categories[i]).Distinct().Skip(1).Any()),
        ];
        groups = varying.Length < 2
            ? []
            :
            [
                .. varying.Select(i => conditions
                    .Select(own => Enumerable.Range(0, classes).Where(c => conditions[c].Categories[i] == own.Categories[i]).ToArray()).ToArray()),
            ];
    }

    /// <summary>Number of parts.</summary>
    public int Count => groups.Length == 0 ? 1 : groups.Length + 1;

    /// <summary>The parts of values, whose sum differs from the values by a term that is the same for all classes.</summary>
    /// <param name="values">Row-major <c>[rows, classes]</c>.</param>
    public double[][] Split(double[] values)
    {
        if (groups.Length == 0)
        {
            return [values];
        }

        double[][] parts = [.. Enumerable.Range(0, Count).Select(_ => new double[values.Length])];
        for (int start = 0; start < values.Length; start += classes)
        {
            ReadOnlySpan<double> row = values.AsSpan(start, classes);
            double mean = 0;
            foreach (double value in row)
            {
                mean += value / classes;
            }

            for (int c = 0; c < classes; c++)
            {
                double rest = row[c] - mean;
                for (int part = 0; part < groups.Length; part++)
                {
                    double effect = -mean;
                    foreach (int other in groups[part][c])
                    {
                        effect += row[other] / groups[part][c].Length;
                    }

                    parts[part][start + c] = effect;
                    rest -= effect;
                }

                parts[^1][start + c] = rest;
            }
        }

        return parts;
    }
}
