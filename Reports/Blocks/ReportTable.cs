using FlowRatio.Reports.Html;

namespace FlowRatio.Reports.Blocks;

/// <summary>A table with a caption.</summary>
public sealed class ReportTable : ReportBlock
{
    private readonly string caption;
    private readonly IReadOnlyList<ReportColumn> columns;
    private readonly IReadOnlyList<IReadOnlyList<ReportCell>> rows;

    /// <summary>Creates the table.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">Columns; the cells of the first are the rows' headings.</param>
    /// <param name="rows">One list of cells per row.</param>
    /// <exception cref="ArgumentException">A row has another number of cells than there are columns.</exception>
    public ReportTable(string caption, IReadOnlyList<ReportColumn> columns, IReadOnlyList<IReadOnlyList<ReportCell>> rows)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.FirstOrDefault(row => row.Count != columns.Count) is { } uneven)
        {
            throw new ArgumentException($"A row has {uneven.Count} cells; there are {columns.Count} columns.", nameof(rows));
        }

        this.caption = caption;
        this.columns = columns;
        this.rows = rows;
    }

    private protected override void WriteTo(HtmlText html, PageNumbers numbers)
    {
        int number = numbers.NextTable();
        html.Open("figure", ("class", "table"), ("id", $"table-{number}"));
        html.Open("figcaption").Element("b", $"Table {number}.").Text(" " + caption).Close("figcaption");
        WriteGrid(html, null);
        html.Close("figure");
    }

    /// <summary>Writes the table alone.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="label">What the table is, for readers who hear it; null where a caption says so.</param>
    internal void WriteGrid(HtmlText html, string? label)
    {
        // Wide tables scroll inside their place, by touch or with the keyboard, and never widen the page.
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", label ?? caption));
        html.Markup("<table>\n<thead><tr>");
        foreach (ReportColumn column in columns)
        {
            html.Element("th", column.Title, ("scope", "col"), ("class", column.IsNumber ? "number" : null));
        }

        html.Markup("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<ReportCell> row in rows)
        {
            html.Markup("<tr>");
            for (int i = 0; i < row.Count; i++)
            {
                WriteCell(html, row[i], columns[i].IsNumber, isHeading: i == 0);
            }

            html.Markup("</tr>\n");
        }

        html.Markup("</tbody>\n</table>\n").Close("div");
    }

    private static void WriteCell(HtmlText html, ReportCell cell, bool isNumber, bool isHeading)
    {
        string name = isHeading ? "th" : "td";
        html.Open(
            name,
            ("scope", isHeading ? "row" : null),
            ("class", (isNumber, cell.IsStrong) switch
            {
                (true, true) => "number strong",
                (true, false) => "number",
                (false, true) => "strong",
                _ => null,
            }));
        if (cell.Series is { } series)
        {
            SeriesSwatch.Write(html, series);
        }

        html.Text(cell.Text ?? string.Empty).Close(name);
    }
}
