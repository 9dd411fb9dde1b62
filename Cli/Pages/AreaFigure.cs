using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Summaries;
using FlowRatio.Reports.Blocks;

namespace FlowRatio.Cli.Pages;

/// <summary>How well the log-ratio ranks labelled rows.</summary>
internal static class AreaFigure
{
    /// <summary>A table of areas, or nothing without labels.</summary>
    public static IEnumerable<ReportBlock> Of(EstimateOutcome outcome)
    {
        if (outcome.Area is not { } statement)
        {
            return [];
        }

        if (statement.Area is null)
        {
            return [new Paragraph(statement.Note!)];
        }

        bool areKnown = outcome.HeldOut.AreKnown;
        (string Rows, RankArea? Area)[] areas = areKnown
            ? [("held out", outcome.Summary.Area(row => row.IsHeldOut == true)), ("used for training", outcome.Summary.Area(row => row.IsHeldOut == false))]
            : [("all", statement.Area)];
        string text = !areKnown ? $"{statement.Note} The area is honest if no row of the data was used for training."
            : areas[0].Area is not null ? "The data are those of the training, so the rows it held out are known: their area is the one to quote."
            : $"The data are those of the training, and no rows of both conditions are known to have been held out: the area says how well the model fits "
                + $"rows that it has seen, and flatters it. {statement.Note}";
        return
        [
            new Paragraph(text),
            new ReportTable(
                $"Area under the ROC curve of the {outcome.Quantity.Name}, with one standard error over rows, or with a bound where all rows are in order.",
                [new("rows", IsNumber: false), new("area"), new("numerator"), new("denominator")],
                [.. areas.Where(entry => entry.Area is not null).Select(entry => (IReadOnlyList<ReportCell>)(ReportCell[])
                [
                    entry.Rows,
                    entry.Area!.Text(),
                    ReportNumber.Whole(entry.Area.Numerator),
                    ReportNumber.Whole(entry.Area.Denominator),
                ])]),
        ];
    }
}
