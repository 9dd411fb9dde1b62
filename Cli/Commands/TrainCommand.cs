using System.CommandLine;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Terminal;
using FlowRatio.Commands.Output;
using FlowRatio.Engine.Compute;
using FlowRatio.Training;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Trust;

namespace FlowRatio.Cli.Commands;

/// <summary><c>train</c>: a table becomes a model file.</summary>
internal static class TrainCommand
{
    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("train", "Train a flow on the rows of a table: one model for all conditions in it.");
        var data = new Argument<string>("DATA") { Description = "A table: .csv or .tsv (also .gz), .npy, .npz, .h5ad." };
        var model = new Option<string>("--output", "-o") { Description = "The model file to write.", Required = true, HelpName = "MODEL" };
        var conditions = new Option<string?>("--conditions") { Description = $"Comma-separated columns with the conditions of the rows (categories); {NameList.Rule}." };
        var continuous = new Option<string?>("--continuous") { Description = "Comma-separated columns of numbers that are conditions as well, such as a dose or an age." };
        var resume = new Option<bool>("--resume") { Description = "Continue an interrupted training from MODEL.checkpoint; begin where there is none." };
        var minutes = CommandOptions.Real("--checkpoint-minutes", 2, "Minutes between checkpoints.");
        command.Arguments.Add(data);
        command.Options.Add(model);
        command.Options.Add(conditions);
        command.Options.Add(continuous);
        var points = new PointArguments(command, PointArguments.OfTraining);
        var reading = new TableArguments(command);
        var components = new Option<int?>("--pca") { Description = "Train on so many principal components of the coordinates; they travel with the model." };
        command.Options.Add(components);
        var training = new TrainingArguments(command);
        var raw = new Option<bool>("--raw") { Description = "The flow alone, without log-ratios that held-out labels support." };
        var withoutRows = new Option<bool>("--no-stored-rows") { Description = "Store no rows in the model; log-ratios do without nearest neighbours." };
        command.Options.Add(raw);
        command.Options.Add(withoutRows);
        command.Options.Add(resume);
        command.Options.Add(minutes);
        var device = new DeviceArguments(command);
        command.SetAction(failures.Guard((parsed, cancellation) =>
        {
            string file = parsed.GetRequiredValue(data), path = parsed.GetRequiredValue(model);
            new CommandFiles((data.Name, file)).Write("-o", path, TrainRun.FilesBeside(path));
            double between = parsed.GetValue(minutes);
            if (!(between >= 0) || !double.IsFinite(between))
            {
                throw new ArgumentException($"--checkpoint-minutes is {between}; a number from 0 is needed.");
            }

            string? categories = parsed.GetValue(conditions), measured = parsed.GetValue(continuous);
            if (CommandOptions.Names(categories).Length + CommandOptions.Names(measured).Length == 0)
            {
                throw new ArgumentException("--conditions or --continuous is needed: the columns whose values the model is to compare.");
            }

            TrainingTable table;
            string[] covariates, numbers;
            using (TableFile opened = reading.Open(parsed, file))
            {
                (covariates, numbers) = (CommandOptions.Names(categories, opened.Columns), CommandOptions.Names(measured, opened.Columns));
                TableNames.RequireColumns(opened, covariates, conditions.Name);
                TableNames.RequireColumns(opened, numbers, continuous.Name);
                Coordinates coordinates = points.Choose(parsed, opened, [.. covariates, .. numbers]);
                if (coordinates.Selection.Columns is { } chosen && chosen.Intersect([.. covariates, .. numbers]).FirstOrDefault() is { } both)
                {
                    throw new ArgumentException($"{Coordinates.Columns}: column '{both}' is a condition, and no coordinate beside it.");
                }

                table = TrainingTable.Read(opened, covariates, numbers, coordinates.Selection);
                foreach (string line in coordinates.Describe(opened, table.Set.Rows))
                {
                    terminal.Note(line);
                }
            }

            TrainingOptions options = training.Options(parsed, table.Set.Rows, covariates.Length + numbers.Length);
            if (CommandOptions.AtLeast(parsed, components, 1) is { } count)
            {
                table = table.Project(count, options.ValidationFraction, options.Seed);
            }

            using ComputeBackend backend = device.Create(
                parsed, WorkEstimate.OfTraining(options.Network with { Dimension = table.Set.Dimension }, options.BatchSize, options.Steps));
            StackOptions? stack = parsed.GetValue(raw)
                ? null
                : new StackOptions { Seed = options.Seed, StoresRows = !parsed.GetValue(withoutRows), Threads = device.Threads(parsed) };
            var run = new TrainRun(table, options, stack, file, path, TimeSpan.FromMinutes(between), reading.Words(parsed));
            return run.Execute(backend, terminal, parsed.GetValue(resume), ResumeCommand(parsed, resume), cancellation);
        }));
        return command;
    }

    private static string ResumeCommand(ParseResult parsed, Option<bool> resume) =>
        ShellText.Line(ShellText.Words(parsed, parsed.GetValue(resume) ? null : resume.Name).Prepend("flowratio"));
}
