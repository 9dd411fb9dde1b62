using System.Text.RegularExpressions;

namespace FlowRatio.Training.Data.Tables;

/// <summary>Names of columns that hold the names of rows: none, what programs put where there was none, and the usual ones.</summary>
public static partial class RowNames
{
    /// <summary>Whether a name stands for none: empty, <c>Unnamed: 0</c> (pandas), <c>...1</c> (readr), <c>__index_level_0__</c> (Arrow).</summary>
    /// <param name="name">Name of a column.</param>
    public static bool IsNone(string name) => NoName().IsMatch(name);

    /// <summary>Whether a name is usual for row names, so that whole numbers or texts that are all different under it are such.</summary>
    /// <param name="name">Name of a column.</param>
    /// <param name="columns">All columns: <c>X</c> is what R calls a column without a name, but beside a <c>Y</c> it is a place.</param>
    public static bool IsUsual(string name, IEnumerable<string> columns) =>
        Usual().IsMatch(name) || (Nameless().IsMatch(name) && !columns.Contains("Y", StringComparer.OrdinalIgnoreCase));

    [GeneratedRegex(@"\A(\s*|Unnamed: \d+(\.\d+)*|\.\.\.\d+|__index_level_\d+__|unnamed column \d+)\z")]
    private static partial Regex NoName();

    [GeneratedRegex(@"\A(index|level_0|rn|rownames?|row[._ ](names?|numbers?|id|index))\z", RegexOptions.IgnoreCase)]
    private static partial Regex Usual();

    [GeneratedRegex(@"\AX(\.\d+)?\z")]
    private static partial Regex Nameless();
}
