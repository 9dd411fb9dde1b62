namespace FlowRatio.Reports.Html;

/// <summary>Numbers of figures and tables, in the order of the page.</summary>
internal sealed class PageNumbers
{
    private int figures;
    private int tables;

    /// <summary>The next figure's number.</summary>
    public int NextFigure() => ++figures;

    /// <summary>The next table's number.</summary>
    public int NextTable() => ++tables;
}
