using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Commands.Arguments;

/// <summary>The columns that are coordinates where none are named: those of finite numbers that neither name nor number the rows.</summary>
/// <param name="Taken">Their names.</param>
/// <param name="LeftOut">Other columns that look like numbers, each with the reason.</param>
internal sealed record ColumnChoice(IReadOnlyList<string> Taken, IReadOnlyList<string> LeftOut)
{
    private const string NameThem = "name the coordinates with --columns";

    // Texts of which fewer than a tenth are numbers are not told.
    private const int MostTexts = 10;

    // Columns of an estimation, behind its prefix: those by which it is known, and those of numbers.
    private static readonly string[] Marks = ["status", "held_out", "evaluations"];
    private static readonly string[] Estimates =
    [
        .. ((string[])["log_ratio", "log_density"]).SelectMany(name => (string[])[name, $"{name}_se", $"{name}_low", $"{name}_high"]),
        "evaluations", "overlap_disagreement", "overlap_deviation", "row",
    ];

    /// <summary>Chooses.</summary>
    /// <param name="table">The file.</param>
    /// <param name="elsewhere">Columns that the command uses for something else.</param>
    /// <exception cref="TableFormatException">A column of numbers has fields that are none, or the file has another decimal mark.</exception>
    public static ColumnChoice Of(TableFile table, IReadOnlyCollection<string> elsewhere)
    {
        List<string> taken = [], leftOut = [];
        List<ColumnSurvey> asked = [];
        foreach (ColumnSurvey column in table.Survey([.. table.Columns.Where(name => name != table.IdentifierColumn && !elsewhere.Contains(name))]))
        {
            if (IsAboutRows(column, table.Columns) is { } reason)
            {
                leftOut.Add($"{column.Name} ({reason})");
            }
            else
            {
                asked.Add(column);
            }
        }

        RequireMark(table, asked);
        RequireWhole(table, asked);
        foreach (ColumnSurvey column in asked)
        {
            if (column.IsNumeric)
            {
                taken.Add(column.Name);
            }
            else if (LooksNumeric(column) is { } reason)
            {
                leftOut.Add($"{column.Name} ({reason})");
            }
        }

        return new ColumnChoice(taken, leftOut);
    }

    /// <summary>Why numbers are about the rows, not about points; null where they are not, or there are none.</summary>
    private static string? IsAboutRows(ColumnSurvey column, IReadOnlyList<string> columns) =>
        RowNames.IsNone(column.Name) ? (column.Numbers + column.NumberLike > 0 ? "it has no name" : null)
        : IsEstimate(column.Name, columns) ? "written by flowratio"
        : !column.IsNumeric ? null
        : column.NumbersRows ? "it numbers the rows; --columns takes it"
        : column.IsDistinctWhole && RowNames.IsUsual(column.Name, columns) ? "it names the rows"
        : null;

    /// <summary>Whether an estimation wrote the column, which other columns with its prefix show: its values are no place of the row.</summary>
    private static bool IsEstimate(string name, IReadOnlyList<string> columns) => Array.Find(Estimates, known => name.EndsWith(known, StringComparison.Ordinal)) is { } end
        && Marks.All(mark => columns.Contains(string.Concat(name.AsSpan(0, name.Length - end.Length), mark)));

    /// <summary>Why a column that looks like numbers is left out; null where it does not.</summary>
    private static string? LooksNumeric(ColumnSurvey column) =>
        column.Damage is { } damage ? damage
        : column.Numbers + column.NumberLike == 0
            || (2 * (column.Numbers + column.NumberLike) < column.Rows - column.Missing && MostTexts * column.Numbers < column.Rows - column.Missing) ? null
        : column.Numbers == column.Rows ? "numbers stored as text; .astype(float) makes numbers of them"
        : $"row {column.FirstBad!.Row}: {Shown(column.FirstBad)}";

    private static string Shown(TableField field) => field.Text.Length == 0 ? "empty" : $"'{field.Text}'";

    private static void RequireMark(TableFile table, IReadOnlyList<ColumnSurvey> asked)
    {
        ColumnSurvey[] other = [.. asked.Where(column => column.OtherMarks > 0 && column.FirstMark is null
            && 2 * (column.Numbers + column.OtherMarks) >= column.Rows - column.Missing)];
        if (other.Length == 0)
        {
            return;
        }

        ColumnSurvey first = Array.Find(other, column => !column.MayBeGrouped) ?? other[0];
        string rest = asked.FirstOrDefault(column => column.FirstMark is not null) is { FirstMark: { } mark, Name: var name }
            ? $", and column '{name}' the other mark (row {mark.Row}: '{mark.Text}').{Others(other, first)} Write all numbers with one mark, or {NameThem}."
            : $"{first.FirstOtherMark!.Remedy}.{Others(other, first)} Otherwise {NameThem}.";
        throw new TableFormatException(table.Path, $"row {first.FirstOtherMark!.Row}, column '{first.Name}'", $"{first.FirstOtherMark.Trouble}{rest}");
    }

    private static void RequireWhole(TableFile table, IReadOnlyList<ColumnSurvey> asked)
    {
        ColumnSurvey[] broken = [.. asked.Where(IsBroken)];
        if (broken.Length == 0)
        {
            return;
        }

        ColumnSurvey first = broken[0];
        throw new TableFormatException(
            table.Path,
            $"row {first.FirstBad!.Row}, column '{first.Name}'",
            $"{first.FirstBad.Trouble}, but {first.Numbers + first.Respelled:#,0} of the column's {first.Rows:#,0} fields "
            + $"{(first.Respelled > 0 ? "look like" : "are")} numbers.{Others(broken, first)} "
            + $"Mend them or leave their rows out, or {NameThem}.");
    }

    private static string Others(ColumnSurvey[] columns, ColumnSurvey but) => columns.Length == 1
        ? string.Empty
        : $" The same holds of {BriefList.Of([.. columns.Where(column => column != but).Select(column => column.Name)])}.";

    /// <summary>Whether most of a column is numbers but not all: a coordinate that would be lost for a few fields.</summary>
    private static bool IsBroken(ColumnSurvey column) => column.Damage is null && column.Numbers < column.Rows
        && column.Numbers + column.Respelled > 0 && 2 * (column.Numbers + column.NumberLike) >= column.Rows;
}
