using System.Globalization;
using FlowRatio.Cli.Arguments;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>What the columns of the data say about a row: its group, and whether it belongs to the numerator or the denominator.</summary>
internal sealed class RowLabels
{
    private readonly IReadOnlyList<(string Covariate, string Category)> above;
    private readonly IReadOnlyList<(string Covariate, string Category)> below;
    private readonly Dictionary<string, HashSet<string>> categories;
    private readonly TableFile table;

    /// <summary>Finds out what the data can tell.</summary>
    /// <param name="table">The data.</param>
    /// <param name="trained">The model.</param>
    /// <param name="numerator">The condition above the line, or null.</param>
    /// <param name="denominator">The condition below the line, or null.</param>
    /// <param name="groupColumn">Column of the groups; null for the covariate in which both conditions differ.</param>
    public RowLabels(TableFile table, TrainedModel trained, ConditionText? numerator, ConditionText? denominator, string? groupColumn)
    {
        this.table = table;
        string[] all = [.. trained.Model.Vocabulary.Names];
        categories = trained.Model.Vocabulary.Covariates.ToDictionary(
            covariate => covariate.Name, covariate => covariate.Categories.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        string[] absent = [.. (numerator?.Named ?? []).Concat(denominator?.Named ?? []).Select(entry => entry.Covariate).Distinct().Where(name => !table.Columns.Contains(name))];
        Missing = numerator is null || denominator is null ? "there is no denominator"
            : absent.Length > 0 ? $"{table.Path} has no column {string.Join(" and no ", absent.Select(name => $"'{name}'"))}, which tells rows of the numerator from those of the denominator"
            : numerator.Named.Count == 0 || denominator.Named.Count == 0 ? "every row belongs to a condition that leaves out all covariates"
            : null;
        above = HasLabels ? numerator!.Named : [];
        below = HasLabels ? denominator!.Named : [];
        groupColumn = NameList.One(groupColumn, table.Columns);
        if (groupColumn is not null)
        {
            TableNames.RequireColumns(table, [groupColumn], "--group-by");
        }

        GroupColumn = groupColumn
            ?? all.FirstOrDefault(name => table.Columns.Contains(name) && CategoryOf(numerator, name) != CategoryOf(denominator, name))
            ?? all.FirstOrDefault(table.Columns.Contains);
    }

    /// <summary>Whether rows of the numerator and of the denominator can be told apart.</summary>
    public bool HasLabels => Missing is null;

    /// <summary>Why they cannot be told apart, as a clause; null where they can.</summary>
    public string? Missing { get; }

    /// <summary>Column of the groups, or null.</summary>
    public string? GroupColumn { get; }

    /// <summary>Columns that <see cref="Read"/> needs.</summary>
    public IEnumerable<string> Columns =>
        above.Concat(below).Select(entry => entry.Covariate).Concat(GroupColumn is null ? [] : [GroupColumn]).Distinct();

    /// <summary>Reads a row; one that belongs to both conditions has no label.</summary>
    /// <param name="text">Text of a column in this row.</param>
    public (string? Group, bool? Label) Read(Func<string, string?> text)
    {
        bool Matches(IReadOnlyList<(string Covariate, string Category)> named) => named.All(entry => AreSame(entry.Covariate, text(entry.Covariate), entry.Category));
        bool isAbove = HasLabels && Matches(above), isBelow = HasLabels && Matches(below);
        return (GroupColumn is null ? null : text(GroupColumn), isAbove == isBelow ? null : isAbove);
    }

    // 1 and 1.0 are the same dose; of a category as well, unless the model knows both.
    private bool AreSame(string covariate, string? text, string category) => text == category
        || (text is not null && !(categories.TryGetValue(covariate, out HashSet<string>? known) && known.Contains(text))
            && table.TryParse(text, out double left)
            && double.TryParse(category, NumberStyles.Float, CultureInfo.InvariantCulture, out double right) && left.Equals(right));

    private static string? CategoryOf(ConditionText? condition, string covariate) =>
        condition?.Named.FirstOrDefault(entry => entry.Covariate == covariate).Category;
}
