using FlowRatio.Engine.Fields;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.BaseFlows;

/// <summary>The combinations of categories that occur in a data set, and the rows of each.</summary>
internal sealed class ConditionRows
{
    // A covariate more doubles the combinations with dropped ones.
    private const int MostDroppable = 12;
    private readonly Dictionary<Condition, int[]> rows;

    /// <summary>Sorts the rows.</summary>
    public ConditionRows(TrainingSet set)
    {
        int covariates = set.Vocabulary.Covariates.Length;
        Dictionary<Condition, List<int>> lists = [];
        int[] categories = new int[covariates];
        for (int r = 0; r < set.Rows; r++)
        {
            for (int i = 0; i < covariates; i++)
            {
                categories[i] = set.Categories(i)[r];
            }

            var condition = new Condition(categories);
            if (!lists.TryGetValue(condition, out List<int>? list))
            {
                lists.Add(condition, list = []);
            }

            list.Add(r);
        }

        // In the order of the categories, so that nothing depends on the order of rows beyond the rows themselves.
        rows = lists.OrderBy(entry => string.Join(',', entry.Key.Categories.Select(c => $"{c:D9}")), StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());
    }

    /// <summary>Combinations that occur, in order of their categories.</summary>
    public IReadOnlyCollection<Condition> Observed => rows.Keys;

    /// <summary>Rows of a combination that occurs.</summary>
    public int[] this[Condition condition] => rows[condition];

    /// <summary>Combinations that training meets when covariates are dropped, without those that occur as they are.</summary>
    /// <param name="dropProbabilities">Probability of dropping each covariate.</param>
    public IReadOnlyList<Condition> WithDropped(IReadOnlyList<double> dropProbabilities)
    {
        // Continuous covariates, which come last, have probabilities too, but no part in a base.
        int categorical = rows.Keys.First().Categories.Count;
        int[] droppable = [.. Enumerable.Range(0, categorical).Where(i => dropProbabilities[i] > 0).Take(MostDroppable)];
        var found = new HashSet<Condition>();
        foreach (Condition condition in rows.Keys)
        {
            for (int subset = 1; subset < 1 << droppable.Length; subset++)
            {
                int[] categories = [.. condition.Categories];
                for (int i = 0; i < droppable.Length; i++)
                {
                    categories[droppable[i]] = (subset >> i & 1) != 0 ? Condition.Dropped : categories[droppable[i]];
                }

                found.Add(new Condition(categories));
            }
        }

        found.ExceptWith(rows.Keys);
        return [.. found];
    }

    /// <summary>Combinations that occur and agree with a condition wherever it names a category.</summary>
    public IReadOnlyList<Condition> Matching(Condition condition) =>
    [
        .. rows.Keys.Where(observed => condition.Categories.Zip(observed.Categories)
            .All(pair => pair.First == Condition.Dropped || pair.First == pair.Second)),
    ];
}
