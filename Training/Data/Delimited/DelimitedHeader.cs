namespace FlowRatio.Training.Data.Delimited;

/// <summary>The names of a text file's fields.</summary>
/// <param name="Names">A name for every field of a row: one that has none is called after its position, or <c>row_name</c> if it is the first.</param>
/// <param name="HasRowNames">Whether the first field of a row is its name.</param>
/// <param name="IsNameless">Whether it is, and the file has no name for it.</param>
/// <param name="Remarks">How the file was understood where that is not plain.</param>
internal sealed record DelimitedHeader(string[] Names, bool HasRowNames, bool IsNameless, IReadOnlyList<string> Remarks)
{
    /// <summary>Names the fields.</summary>
    /// <param name="header">The first record as it is.</param>
    /// <param name="layout">The layout of the file.</param>
    public static DelimitedHeader Of(string[] header, DelimitedLayout layout)
    {
        if (layout.HasCommentedHeader)
        {
            header[0] = header[0].TrimStart('#', ' ');
        }

        header = layout.IsHeaderShort ? [string.Empty, .. header] : header;
        bool isNameless = header.Length > 1 && string.IsNullOrWhiteSpace(header[0]);
        bool isNamed = header.Length > 1 && !isNameless && layout.FirstNamesRows;
        string? remark = layout.IsHeaderShort
            ? "The header has one field fewer than the rows, as write.table of R writes it: the first field of a row is its name."
            : isNameless ? "The first column has no name: it names the rows, and is no coordinate."
            : isNamed ? $"Column '{header[0]}' names the rows, and is no coordinate."
            : null;
        string rowName = "row_name";
        while (header.Contains(rowName))
        {
            rowName += "_";
        }

        string Name(string name, int position) => !string.IsNullOrWhiteSpace(name) ? name : position == 0 && isNameless ? rowName : $"unnamed column {position + 1}";
        return new DelimitedHeader(
            [.. header.Select(Name)], isNameless || isNamed, isNameless, [.. layout.Remarks, .. remark is null ? Array.Empty<string>() : [remark]]);
    }
}
