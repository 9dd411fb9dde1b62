using System.CommandLine;
using System.Diagnostics;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Pages;
using FlowRatio.Cli.Summaries;
using FlowRatio.Cli.Terminal;
using FlowRatio.Commands.Output;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;
using FlowRatio.Training.Trust;

namespace FlowRatio.Cli.Runs;

/// <summary>An estimation from a model and a table to an output, a summary and a page; ratios and densities differ in one function.</summary>
/// <param name="arguments">Command line: files and page.</param>
/// <param name="trained">The model.</param>
/// <param name="quantity">What is estimated.</param>
/// <param name="way">How, in words.</param>
/// <param name="judged">What held-out labels said about the values; null for those of a flow, which have no intervals.</param>
internal sealed class EstimateRun(EstimateArguments arguments, TrainedModel trained, EstimatedQuantity quantity, string way, StackRecord? judged = null)
{
    private const ulong SampleSeed = 1;

    /// <summary>Whether the data were the table of the training.</summary>
    public bool IsOfTraining { get; private set; }

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
        using TableFile table = arguments.Open(parsed);
        Coordinates coordinates = Choose(parsed, table);
        PointSelection selection = coordinates.Selection;
        MapSelection map = MapSelection.Of(arguments.Embedding(parsed), table, selection, trained.Components is not null);
        map = page is null ? map : map.Fit(table);
        var names = new EstimateColumns(quantity.Column, arguments.Prefix(parsed), judged is not null);
        var labels = new RowLabels(table, trained, quantity.Numerator, quantity.Denominator, arguments.GroupBy(parsed));
        foreach (string line in coordinates.Describe(table))
        {
            terminal.Note(line);
        }

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
        EstimationStream stream;
        using (IEstimateWriter writer = EstimateOutput.Open(output, table, arguments.Keep(parsed, table), names, terminal))
        {
            heldOut = HeldOutRows.Of(table, selection, trained, cancellation);
            IsOfTraining = heldOut.AreKnown;
            stream = new EstimationStream(table, selection, trained, map, labels, heldOut);
            stream.Run(estimate, writer, summary, terminal, cancellation);
            writer.Complete();
        }

        var outcome = new EstimateOutcome(
            quantity, summary, labels, map, trained, data, output, names, heldOut, clock.Elapsed, way)
        {
            Judged = judged,
        };
        SummaryTable.Print(outcome, terminal.ForTables(output));
        if (stream.Extrapolated.Note() is { } note)
        {
            terminal.Note(note);
        }

        if (page is not null)
        {
            EstimatePage.Create(outcome, ShellText.Line(ShellText.Words(parsed, null).Prepend("flowratio"))).Write(page);
            terminal.Note($"Page: {page}");
        }

        return 0;
    }

    /// <summary>The coordinates: those that the command line names, those of the training, or for a model that does not know them the file's where they fit.</summary>
    private Coordinates Choose(ParseResult parsed, TableFile table)
    {
        if (arguments.Points.AreNamed(parsed))
        {
            Coordinates named = arguments.Points.Choose(parsed, table, trained.Model.Vocabulary.Names);

            // The columns of the training in another order, as a pattern may find them, would be other coordinates.
            return named.Selection.Columns is { } columns && trained.Input?.Columns is { } order && order.ToHashSet().SetEquals(columns)
                ? new Coordinates(PointSelection.OfColumns(order), [])
                : named;
        }

        if (trained.Input?.ToSelection() is { } known)
        {
            TableNames.RequirePoints(table, known, "The model");
            return new Coordinates(known, []);
        }

        Coordinates chosen = arguments.Points.Choose(parsed, table, trained.Model.Vocabulary.Names);
        PointSelection selection = chosen.Selection;
        int dimension = selection.Columns?.Count ?? table.Representations.First(found => found.Name == selection.Representation).Dimension;
        return dimension == trained.InputDimension
            ? chosen
            : throw new ArgumentException(
                $"The model does not say where its {trained.InputDimension} coordinates are, and {table.Path} has {dimension} in {selection}; "
                + $"name them with {Coordinates.Columns} or {Coordinates.Representation}.");
    }
}
