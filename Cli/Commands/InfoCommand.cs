using System.CommandLine;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.Records;
using Spectre.Console;

namespace FlowRatio.Cli.Commands;

/// <summary><c>info</c>: what a model file holds.</summary>
internal static class InfoCommand
{
    private const int MostCategories = 30;

    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("info", "Show what a model (or a checkpoint) holds: conditions with counts, network, training.");
        var model = new Argument<string>("MODEL") { Description = "A model file." };
        command.Arguments.Add(model);
        command.SetAction(failures.Guard((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(model);
            TrainedModel trained = TrainedModel.Read(path);
            terminal.Output.Write(Facts(path, trained));
            foreach (CovariateVocabulary covariate in trained.Model.Vocabulary.Covariates)
            {
                terminal.Output.Write(Categories(covariate));
            }

            if (!trained.Model.Vocabulary.Continuous.IsEmpty)
            {
                terminal.Output.Write(Numbers(trained.Model.Vocabulary.Continuous));
            }

            return 0;
        }));
        return command;
    }

    private static Grid Facts(string path, TrainedModel trained)
    {
        Grid grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string value) => grid.AddRow(Markup.Escape(name), Markup.Escape(value));
        NetworkShape shape = trained.Model.Network.Shape;
        Row("file", $"{path} ({new FileInfo(path).Length / 1e6:0.0} MB){(trained.IsCheckpoint ? ", a checkpoint" : string.Empty)}");
        Row("coordinates", $"{shape.Dimension}{(trained.Input is { } input ? $": {input.ToSelection()}" : string.Empty)}");
        if (trained.Components is { } projection)
        {
            Row("projection", $"{projection.Dimension} principal components of {projection.InputDimension} coordinates, {projection.ExplainedVariance.ToArray().Sum() / projection.TotalVariance:0.0%} of the variance");
        }

        Row("standardised", trained.Model.Standardization is null or { IsShift: true } ? "no" : "yes");
        Row("network", $"{trained.Model.Network.ParameterCount:#,0} parameters; encoder {shape.DataHidden}-{shape.DataCode}, heads {shape.HeadLayers} x {shape.HeadHidden}, conditions {shape.ConditionHidden}-{shape.ConditionCode}, {shape.TimeFeatures} time features");
        Row("schedule", $"{trained.Model.Schedule.Name} (sigma_min {trained.Model.Schedule.SigmaMin}, path noise {trained.Model.Schedule.PathNoise})");
        double share = trained.Model.ImpliedScore ?? NetworkFlow.DefaultImpliedScore(trained.Model.Base is not null);
        Row("implied score", $"{share} by default{(trained.Model.ImpliedScore is null ? string.Empty : " (recorded in the model: scores as its origin evaluates them)")}");
        if (trained.Model.Base is { } flow)
        {
            Row("base", flow.Summary);
        }

        if (trained.Training is { } training)
        {
            Row("data", $"{training.Data}: {training.Rows:#,0} rows, {training.HeldOutFraction:0.#%} held out{(training.RowsLeftOut > 0 ? $", {training.RowsLeftOut:#,0} left out" : string.Empty)}");
            Row("training", $"{training.Steps:#,0} steps, weights of step {training.ModelStep:#,0}, seed {training.Seed}, dropped with probability {string.Join(", ", training.ConditionDrop)}");
            if (training.Curve.Count > 0)
            {
                CurveRecord last = training.Curve[^1];
                Row("loss", $"{last.Velocity + last.Score:0.0000}{(last.HeldOutVelocity is { } velocity ? $" (held out {velocity + last.HeldOutScore:0.0000})" : string.Empty)}");
            }
        }

        if (trained.Stack?.Record is { } judged)
        {
            Row("labels", $"held-out log-loss {judged.LogLoss:0.0000} (by guessing {judged.ConstantLogLoss:0.0000}, linear {judged.LinearLogLoss:0.0000}), slope {judged.Slope:0.00}");
            Row(
                "log-ratios",
                $"{(judged.Weights.Count == 0 ? "0" : string.Join(", ", judged.Weights.Select(entry => $"{entry.Value:0.00} {entry.Key}")))}; fitted with {judged.Rows:#,0} of {judged.AllRows:#,0} rows; "
                + (judged.StoredRows > 0 ? $"{judged.StoredRows:#,0} rows stored for neighbours" : "no rows stored"));
        }

        if (trained.Unknown.Count > 0)
        {
            Row("unknown", $"{string.Join(", ", trained.Unknown)} (left out; written by a newer program?)");
        }

        return grid;
    }

    private static Table Numbers(IEnumerable<ContinuousCovariate> covariates)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("continuous").AddColumns(
            [.. ((string[])["smallest", "mean", "largest", "deviation"]).Select(title => new TableColumn(title).RightAligned())]);
        foreach (ContinuousCovariate covariate in covariates)
        {
            table.AddRow(Markup.Escape(covariate.Name), $"{covariate.Smallest:G6}", $"{covariate.Mean:G6}", $"{covariate.Largest:G6}", $"{covariate.Scale:G6}");
        }

        return table;
    }

    private static Table Categories(CovariateVocabulary covariate)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn(Markup.Escape(covariate.Name)).AddColumn("rows", column => column.Alignment = Justify.Right);
        foreach ((int i, string category) in covariate.Categories.Index().Take(MostCategories))
        {
            table.AddRow(Markup.Escape(category), covariate.Counts.IsEmpty ? "unknown" : $"{covariate.Counts[i]:#,0}");
        }

        if (covariate.Categories.Length > MostCategories)
        {
            table.AddRow($"... {covariate.Categories.Length} in all", string.Empty);
        }

        return table;
    }
}
