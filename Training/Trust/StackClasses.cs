using FlowRatio.Engine.Fields;

namespace FlowRatio.Training.Trust;

/// <summary>The combinations of categories between which a stack tells, with the rows of each.</summary>
/// <param name="Conditions">The combinations.</param>
/// <param name="Rows">Rows of each that the stack was fitted with.</param>
internal sealed record StackClasses(IReadOnlyList<Condition> Conditions, IReadOnlyList<long> Rows)
{
    /// <summary>Number of classes.</summary>
    public int Count => Conditions.Count;

    /// <summary>log share of every class.</summary>
    public double[] LogShares()
    {
        double total = Rows.Sum();
        return [.. Rows.Select(rows => Math.Log(rows / total))];
    }

    /// <summary>The classes of a condition, which may drop covariates, and their shares in it.</summary>
    /// <exception cref="ArgumentException">It has no rows, or too few.</exception>
    public (int[] Classes, double[] Shares) Of(Condition condition)
    {
        int[] own =
        [
            .. Enumerable.Range(0, Count).Where(c => condition.Categories.Zip(Conditions[c].Categories)
                .All(pair => pair.First == Condition.Dropped || pair.First == pair.Second)),
        ];
        if (own.Length == 0)
        {
            throw new ArgumentException($"The condition {condition} has no rows in training, or too few: there is only the flow's own log-ratio of it (--raw).", nameof(condition));
        }

        double total = own.Sum(c => (double)Rows[c]);
        return (own, [.. own.Select(c => Rows[c] / total)]);
    }
}
