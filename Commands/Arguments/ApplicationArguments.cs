using System.CommandLine;
using System.Globalization;
using FlowRatio.Applications;
using FlowRatio.Applications.Pages;
using FlowRatio.Commands.Output;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Reports;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Commands.Arguments;

/// <summary>Options of the applications: flow, classifier, device, outputs; each command has those that it uses.</summary>
internal sealed class ApplicationArguments
{
    private static readonly SimulatingField[] Fields = [SimulatingField.Midpoint, SimulatingField.Numerator, SimulatingField.Unconditional];

    private readonly FlowArguments flow;
    private readonly Option<int> members = CommandOptions.Number("--members", 1, "Flows with different seeds whose log-ratios are averaged.");
    private readonly Option<string> field = CommandOptions.Word("--field", SimulatingField.Midpoint.Name, $"Field of the trajectories: {string.Join(", ", Fields.Select(one => one.Name))}.");
    private readonly Option<int> classifierWidth = CommandOptions.Number("--classifier-width", 128, "Width of the classifier's two hidden layers.");

    private readonly Option<bool> raw = new("--no-standardize") { Description = "Train flows on the coordinates as they are, without bringing each to mean 0 and deviation 1." };
    private readonly Option<bool> baseAlone = new("--base-alone") { Description = "Score by the base's own path and train no networks above it; needs a --base other than none and auto." };
    private readonly Option<int>? folds;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="steps">Training steps of a flow where none are given.</param>
    /// <param name="methods">Its methods, all of which run by default; null where there is no choice.</param>
    /// <param name="defaultFolds">Folds of cross-fitting where none are given; null where flows are not cross-fitted.</param>
    /// <param name="hasClassifier">Whether it trains classifiers as well.</param>
    /// <param name="dropsConditions">Whether the probability of dropping a condition is the user's to choose.</param>
    public ApplicationArguments(
        Command command, int steps, IReadOnlyList<string>? methods = null, int? defaultFolds = null, bool hasClassifier = true, bool dropsConditions = true)
    {
        flow = new FlowArguments(command, string.Join(",", methods ?? []), steps, methods ?? [], dropsConditions: dropsConditions);
        command.Options.Add(members);
        if (defaultFolds is { } count)
        {
            folds = CommandOptions.Number("--folds", count, "Folds of flows: with 2 or more no cell is scored by a flow that has seen it; 1 trains and scores all cells.");
            command.Options.Add(folds);
        }

        command.Options.Add(field);
        if (hasClassifier)
        {
            command.Options.Add(classifierWidth);
        }

        command.Options.Add(raw);
        command.Options.Add(baseAlone);
    }

    /// <summary>The option of the commands that compare with cross-fitted log-odds.</summary>
    public static Option<int> ClassifierRepeats() => CommandOptions.Number(
        "--classifier-repeats", new GroupClassifier().Repeats, "Cross-fittings of the classifiers with other folds, whose log-odds are averaged.");

    /// <summary>A number in a list.</summary>
    public static double Real(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"{option}: '{text}' is not a number.");

    public ulong Seed(ParseResult parsed) => flow.Seed(parsed);

    public string[] Methods(ParseResult parsed) => CommandOptions.Names(flow.Methods(parsed));

    public ComputeBackend CreateBackend(ParseResult parsed) => flow.CreateBackend(parsed);

    public FlowSettings Settings(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(field);
        TrainingOptions training = flow.Training(parsed) with { Standardize = !parsed.GetValue(raw) };
        if (parsed.GetValue(baseAlone) && training.Base.Kind is (BaseKind.None or BaseKind.Auto))
        {
            throw new ArgumentException($"--base-alone needs a base; --base is '{training.Base}'.");
        }

        return new FlowSettings
        {
            Training = training,
            BaseAlone = parsed.GetValue(baseAlone),
            Estimation = flow.Estimation(parsed) with
            {
                Field = Fields.FirstOrDefault(one => one.Name == name)
                    ?? throw new ArgumentException($"--field: '{name}' is unknown; there are: {string.Join(", ", Fields.Select(one => one.Name))}."),
            },
            Members = CommandOptions.AtLeast(parsed, members, 1),
            Folds = folds is null ? 1 : CommandOptions.AtLeast(parsed, folds, 1),
        };
    }

    /// <summary>What was run, for a page.</summary>
    public RunDescription Describe(ParseResult parsed, IReadOnlyDictionary<string, object?> values, string invocation) => new(
        OptionText.Of(values["file"]),
        flow.CommandLine(parsed, invocation),
        [.. values.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, OptionText.Of(entry.Value)))]);

    public ClassifierTrainingOptions Classifier(ParseResult parsed) =>
        new() { Hidden = CommandOptions.AtLeast(parsed, classifierWidth, 1), Seed = flow.Seed(parsed) };

    /// <summary>Checks before any work is done that the outputs have folders and replace no other file of the command.</summary>
    public void RequireOutputs(ParseResult parsed, CellArguments cells) => _ = flow.Outputs(parsed, cells.File(parsed));

    /// <summary>All options with the values in use, and what the file gave.</summary>
    public static Dictionary<string, object?> Values(ParseResult parsed, string file, string coordinates, CellTable table)
    {
        Dictionary<string, object?> values = FlowArguments.Values(parsed);
        values["file"] = file;
        values["coordinates"] = coordinates;
        values["cells"] = table.Cells;
        values["dimension"] = table.Dimension;
        return values;
    }

    /// <summary>Writes the outputs that were asked for.</summary>
    public void Write(ParseResult parsed, Func<object> json, Func<ReportPage> page)
    {
        if (flow.Json(parsed) is { } file)
        {
            JsonFile.Write(file.FullName, json());
        }

        if (flow.Report(parsed) is { } html)
        {
            page().Write(html.FullName);
        }
    }
}
