using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Applications.BatchEffect;
using FlowRatio.Commands.Arguments;
using FlowRatio.Engine.Compute;

namespace FlowRatio.Commands.Applications;

/// <summary><c>batch-effect</c>: how much batches differ within types, before and after a correction.</summary>
internal static class BatchEffectCommand
{
    public static Command Create(ICommandHost host)
    {
        var command = new Command(
            "batch-effect", "Score |log p(x | type, batch) - log p(x | type)| on held-out cells, test it by permutation, and score a correction.");
        var cells = new CellArguments(command);
        var types = new Option<string>("--type") { Description = $"Comma-separated columns within whose combinations batches are compared; {NameList.Rule}.", Required = true };
        var batch = new Option<string>("--batch-column") { Description = "Column with the batch.", Required = true };
        var corrected = new Option<string?>("--corrected") { Description = "Corrected coordinates of the same cells: a representation, or comma-separated columns [mean and deviation of every batch made those of all cells]." };
        var drop = CommandOptions.Real("--batch-drop", 0.2, "Probability of dropping the batch in training.");
        var heldOut = CommandOptions.Real("--held-out", 0.3, "Share of the cells that are scored and not trained on.");
        var permutations = CommandOptions.Number("--permutations", 999, "Permutations of the scored cells' labels; they need no training.");
        var trainings = CommandOptions.Number("--null-trainings", 2, "Trainings with permuted labels.");
        foreach (Option option in (Option[])[types, batch, corrected, drop, heldOut, permutations, trainings])
        {
            command.Options.Add(option);
        }

        var application = new ApplicationArguments(command, 3_000, hasClassifier: false, dropsConditions: false);
        command.SetAction(host.Guard((parsed, cancellation) =>
        {
            var options = new BatchEffectOptions
            {
                Flow = application.Settings(parsed),
                BatchDrop = parsed.GetValue(drop),
                HeldOut = parsed.GetValue(heldOut),
                Permutations = CommandOptions.AtLeast(parsed, permutations, 19),
                NullTrainings = CommandOptions.AtLeast(parsed, trainings, 0),
                Seed = application.Seed(parsed),
            };
            options.Validate();
            string[] typeColumns = cells.Columns(parsed, parsed.GetRequiredValue(types));
            string batchColumn = cells.Column(parsed, parsed.GetRequiredValue(batch))!;
            (CellTable table, string coordinates) = cells.Read(host, parsed, (types, typeColumns), (batch, [batchColumn]));
            float[]? after = cells.ReadCorrected(parsed, corrected);
            application.RequireOutputs(parsed, cells);
            using ComputeBackend backend = application.CreateBackend(parsed);
            CellCovariate type = table.Joined(typeColumns), batches = table.Covariate(batchColumn);
            BatchEffectResult result = host.Track(
                progress => BatchEffectRun.Run(table, type, batches, after, options, backend, progress, cancellation));
            Dictionary<string, object?> values = ApplicationArguments.Values(parsed, cells.FileName(parsed), coordinates, table);
            var report = new BatchEffectReport(values, backend.Name, result);
            report.Print(host.Output);
            application.Write(parsed, report.ToJson, () => report.ToPage(table, type, batches, options, application.Describe(parsed, values, host.Invocation)));
        }));
        return command;
    }
}
