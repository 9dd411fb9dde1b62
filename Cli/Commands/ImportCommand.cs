using System.CommandLine;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Terminal;
using FlowRatio.Commands.Output;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Commands;

/// <summary><c>import</c>: weights of the PyTorch implementation become a model file.</summary>
internal static class ImportCommand
{
    // A zip archive, or the pickle protocols 2 to 5 that older versions of torch.save wrote.
    private static readonly byte[][] PickleBeginnings = [[0x50, 0x4B, 0x03, 0x04], [0x80, 0x02], [0x80, 0x03], [0x80, 0x04], [0x80, 0x05]];

    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("import", "Make a model of weights that were trained with the PyTorch implementation (theislab/scRatio) and saved as safetensors.");
        var weights = new Argument<string>("WEIGHTS") { Description = "State dict of a ConditionalFlowMatchingWithScore, as .safetensors." };
        var conditions = new Option<string[]>("--conditions") { Description = "A covariate and its categories in the order of its one-hot input, as Group=Mock,WNV; once per covariate; none for a model without conditions." };
        var output = new Option<string>("--output", "-o") { Description = "The model file to write.", Required = true, HelpName = "MODEL" };
        command.Arguments.Add(weights);
        command.Options.Add(conditions);
        command.Options.Add(output);
        var schedule = new ScheduleArguments(command);
        var points = new PointArguments(command, PointArguments.OfImport);
        command.SetAction(failures.Guard((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(weights);
            string model = new CommandFiles((weights.Name, path)).Write("-o", parsed.GetRequiredValue(output));
            RequireSafetensors(path);
            var vocabulary = new ConditionVocabulary([.. (parsed.GetValue(conditions) ?? []).Select(Covariate)]);
            (FlowModel imported, IReadOnlyList<string> unknown) = StateDictImport.Read(path, schedule.Schedule(parsed), vocabulary);
            PointSelection? selection = points.Selection(parsed);
            if (selection?.Columns is { } columns && columns.Count != imported.Dimension)
            {
                throw new ArgumentException($"--columns has {columns.Count} names; the network has {imported.Dimension} coordinates.");
            }

            new TrainedModel(imported, selection is null ? null : InputRecord.Of(selection), null).Write(model);
            terminal.Note($"{model}: {imported.Dimension} coordinates, {imported.Network.ParameterCount:#,0} parameters.");
            if (unknown.Count > 0)
            {
                terminal.Note($"Left out, because unknown: {string.Join(", ", unknown)}.");
            }

            return 0;
        }));
        return command;
    }

    private static CovariateVocabulary Covariate(string text)
    {
        int equals = NameList.TryReadQuoted(text, 0, out string name, out int end) && text[end..].StartsWith('=') ? end : text.IndexOf('=', StringComparison.Ordinal);
        string[] categories = equals > 0 ? CommandOptions.Names(text[(equals + 1)..]) : [];
        return categories.Length > 0
            ? new CovariateVocabulary(equals == end ? name : text[..equals].Trim(), categories)
            : throw new ArgumentException($"--conditions: '{text}' is no covariate; write it as Group=Mock,WNV.");
    }

    /// <summary>A pickle runs code when it is read: it is refused, with the line that converts it where it can be trusted.</summary>
    private static void RequireSafetensors(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        byte[] beginning = new byte[4];
        using FileStream file = File.OpenRead(path);
        int count = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        bool isPickle = Array.Exists(PickleBeginnings, pickle => beginning.AsSpan(0, count).StartsWith(pickle));
        if (isPickle)
        {
            string[] convert =
            [
                "python3", "-c",
                "import sys, torch, safetensors.torch as s; c = torch.load(sys.argv[1], map_location='cpu'); "
                    + "s.save_file({k: v.contiguous() for k, v in c.get('state_dict', c).items()}, sys.argv[2])",
                path, Path.ChangeExtension(path, ".safetensors"),
            ];
            throw new InvalidDataException(
                $"{path} is a torch file (a pickle, which can run code when it is read); if you trust it, convert it once: {ShellText.Line(convert)}");
        }
    }
}
