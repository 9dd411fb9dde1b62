using System.CommandLine;
using System.Diagnostics;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Pages;
using FlowRatio.Cli.Summaries;
using FlowRatio.Cli.Terminal;
using FlowRatio.Commands.Output;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>An estimation from a model and a table to an output, a summary and a page; ratios and densities differ in one function.</summary>
/// <param name="arguments">Command line: files and page.</param>
/// <param name="trained">The model.</param>
/// <param name="quantity">What is estimated.</param>
/// <param name="way">How, in words.</param>
/// <param name="hasInterval">Whether values have intervals.</param>
internal sealed class EstimateRun(EstimateArguments arguments, TrainedModel trained, EstimatedQuantity quantity, string way, bool hasInterval = false)
{
    private const ulong SampleSeed = 1;

    /// <summary>Runs; the exit code is 0 also when some rows have no value, which the summary tells.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="estimate">Estimates some points.</param>
    /// <param name="terminal">For progress and the summary.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    public int Execute(ParseResult parsed, EstimationStream.Estimator estimate, ToolTerminal terminal, CancellationToken cancellation)
    {
        string data = arguments.Data(parsed);
        (string output, string? page) = arguments.Outputs(parsed);
        EstimateOutput.Require(output, data, arguments.Keep(parsed));
        using TableFile table = TableFile.Open(data);
        PointSelection selection = Selection(parsed, table);
        MapSelection map = MapSelection.Of(arguments.Embedding(parsed), table, selection, trained.Components is not null);
        var names = new EstimateColumns(quantity.Column, arguments.Prefix(parsed), hasInterval);
        var labels = new RowLabels(table, trained, quantity.Numerator, quantity.Denominator, arguments.GroupBy(parsed));
        foreach (ConditionText condition in (ConditionText[])[quantity.Numerator, .. quantity.Denominator is null ? Array.Empty<ConditionText>() : [quantity.Denominator]])
        {
            if (condition.Extrapolation(trained.Model.Vocabulary) is { } warning)
            {
                terminal.Note(warning);
            }
        }

        var summary = new EstimateSummary(table.Rows, SampleSeed, NoiseDeviation.Limit(trained.Model.Dimension));
        var clock = Stopwatch.StartNew();
        HeldOutRows heldOut;
        using (IEstimateWriter writer = EstimateOutput.Open(output, table, arguments.Keep(parsed, table), names, terminal))
        {
            heldOut = HeldOutRows.Of(table, selection, trained, cancellation);
            new EstimationStream(table, selection, trained, map, labels, heldOut).Run(estimate, writer, summary, terminal, cancellation);
            writer.Complete();
        }

        var outcome = new EstimateOutcome(
            quantity, summary, labels, map, trained, data, output, names, heldOut, clock.Elapsed, way);
        SummaryTable.Print(outcome, terminal.ForTables(output));
        if (page is not null)
        {
            EstimatePage.Create(outcome, ShellText.Line(ShellText.Words(parsed, null).Prepend("flowratio"))).Write(page);
            terminal.Note($"Page: {page}");
        }

        return 0;
    }

    /// <summary>The coordinates: those that the command line names, or those of the training.</summary>
    private PointSelection Selection(ParseResult parsed, TableFile table)
    {
        if (arguments.Points.Selection(parsed) is { } named)
        {
            TableNames.RequirePoints(table, named, named.Columns is null ? "--representation" : "--columns");
            return named;
        }

        PointSelection known = trained.Input?.ToSelection()
            ?? throw new ArgumentException("The model does not say where its coordinates are; name them with --columns or --representation.");
        TableNames.RequirePoints(table, known, "The model");
        return known;
    }
}
