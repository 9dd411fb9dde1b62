using System.Globalization;
using FlowRatio.Cli.Arguments;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>
/// What the columns of the data say about a row: its group, whether it belongs to the numerator or the denominator, and whether the
/// training held it out.
/// </summary>
internal sealed class RowLabels
{
    private readonly IReadOnlyList<(string Covariate, string Category)> above;
    private readonly IReadOnlyList<(string Covariate, string Category)> below;
    private readonly string[] covariates;
    private readonly bool[]? isHeldOut;
    private int trainingRow;

    /// <summary>Finds out what the data can tell.</summary>
    /// <param name="table">The data.</param>
    /// <param name="trained">The model.</param>
    /// <param name="numerator">The condition above the line, or null.</param>
    /// <param name="denominator">The condition below the line, or null.</param>
    /// <param name="groupColumn">Column of the groups; null for the covariate in which both conditions differ.</param>
    public RowLabels(TableFile table, TrainedModel trained, ConditionText? numerator, ConditionText? denominator, string? groupColumn)
    {
        string[] all = [.. trained.Model.Vocabulary.Names];
        bool IsThere(IReadOnlyList<(string Covariate, string Category)> named) => named.All(entry => table.Columns.Contains(entry.Covariate));
        HasLabels = numerator is { Named.Count: > 0 } && denominator is { Named.Count: > 0 } && IsThere(numerator.Named) && IsThere(denominator.Named);
        above = HasLabels ? numerator!.Named : [];
        below = HasLabels ? denominator!.Named : [];
        covariates = all.All(table.Columns.Contains) ? all : [];
        if (covariates.Length > 0 && trained.Training is { HeldOutFraction: > 0 } training)
        {
            isHeldOut = new bool[training.Rows];
            foreach (int row in training.HeldOut())
            {
                isHeldOut[row] = true;
            }
        }

        if (groupColumn is not null)
        {
            TableNames.RequireColumns(table, [groupColumn], "--group-by");
        }

        GroupColumn = groupColumn
            ?? all.FirstOrDefault(name => table.Columns.Contains(name) && CategoryOf(numerator, name) != CategoryOf(denominator, name))
            ?? all.FirstOrDefault(table.Columns.Contains);
    }

    /// <summary>Whether rows of the numerator and of the denominator can be told apart.</summary>
    public bool HasLabels { get; }

    /// <summary>Column of the groups, or null.</summary>
    public string? GroupColumn { get; }

    /// <summary>Columns that <see cref="Read"/> needs.</summary>
    public IEnumerable<string> Columns =>
        above.Concat(below).Select(entry => entry.Covariate).Concat(covariates).Concat(GroupColumn is null ? [] : [GroupColumn]).Distinct();

    /// <summary>Reads the next row; rows are read in the order of the file.</summary>
    /// <param name="text">Text of a column in this row.</param>
    public (string? Group, bool? Label, bool IsHeldOut) Read(Func<string, string?> text)
    {
        bool Matches(IReadOnlyList<(string Covariate, string Category)> named) => named.All(entry => AreSame(text(entry.Covariate), entry.Category));
        bool? label = !HasLabels ? null : Matches(above) ? true : Matches(below) ? false : null;
        bool held = false;
        if (isHeldOut is not null && Array.TrueForAll(covariates, name => text(name) is not null))
        {
            held = trainingRow < isHeldOut.Length && isHeldOut[trainingRow];
            trainingRow++;
        }

        return (GroupColumn is null ? null : text(GroupColumn), label, held);
    }

    // 1 and 1.0 are the same dose.
    private static bool AreSame(string? text, string category) => text == category
        || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double left)
            && double.TryParse(category, NumberStyles.Float, CultureInfo.InvariantCulture, out double right) && left.Equals(right));

    private static string? CategoryOf(ConditionText? condition, string covariate) =>
        condition?.Named.FirstOrDefault(entry => entry.Covariate == covariate).Category;
}
