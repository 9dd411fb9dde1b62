using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Benchmarks.Reports;

/// <summary>What each method's estimates cost.</summary>
internal static class WorkFigure
{
    /// <summary>The figure.</summary>
    public static Figure Of(IReadOnlyList<MethodReport> methods)
    {
        const string caption = "What the estimates cost: wall-clock seconds for all test points, and evaluations of the network's fields per point. "
            + "An evaluation computes what the method needs at one place and time, so those of different methods differ in price.";
        return new Figure(
            caption,
            [
                Dots(methods, "seconds", method => method.Seconds),
                Dots(methods, "evaluations per point", method => method.Evaluations),
            ],
            new ReportTable(
                caption,
                [new("method", IsNumber: false), new("seconds"), new("evaluations per point")],
                [.. methods.Select(method => (ReportCell[])
                    [MethodStyles.Of(method.Name), ReportNumber.Format(method.Seconds), ReportNumber.Count(method.Evaluations)])]))
        {
            HasLegend = false,
        };
    }

    private static DotChart Dots(IReadOnlyList<MethodReport> methods, string title, Func<MethodReport, double> value) => new(
        new Axis(title) { IncludeZero = true },
        [.. methods.Select(method => new DotRow(MethodStyles.Of(method.Name), value(method)))],
        $"Dot chart of {title} per method. " + string.Join("; ", methods.Select(method => $"{method.Name} {ReportNumber.Format(value(method))}")))
    {
        Title = title,
    };
}
