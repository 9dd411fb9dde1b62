namespace FlowRatio.Training.Data.Tables;

/// <summary>Lists of names in messages, of which a table of genes has thousands.</summary>
public static class BriefList
{
    private const int LongestWhole = 10;
    private const int Shown = 3;

    /// <summary>All of a few names; of many the first three, the last and how many there are.</summary>
    /// <param name="names">The names.</param>
    public static string Of(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count <= LongestWhole
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Shown))}, ..., {names[^1]} ({names.Count:#,0} in all)";
    }
}
