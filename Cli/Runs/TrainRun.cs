using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Training;
using FlowRatio.Training.Checkpoints;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;
using FlowRatio.Training.Trust;
using Spectre.Console;

namespace FlowRatio.Cli.Runs;

/// <summary>A training from a table to a model file, with a checkpoint beside it until the model is there.</summary>
/// <param name="table">The rows.</param>
/// <param name="options">How to train.</param>
/// <param name="stackOptions">How to fit log-ratios that held-out labels support; null for the flow alone.</param>
/// <param name="data">The data file.</param>
/// <param name="path">The model file.</param>
/// <param name="interval">Time between checkpoints.</param>
/// <param name="reading">How the data were read, as options for a command that reads them again.</param>
internal sealed class TrainRun(
    TrainingTable table, TrainingOptions options, StackOptions? stackOptions, string data, string path, TimeSpan interval, IReadOnlyList<string> reading)
{
    private const string CheckpointSuffix = ".checkpoint";
    private const string PreviousSuffix = ".previous";
    private const string FoldText = "five folds";

    private string CheckpointPath => path + CheckpointSuffix;

    private string DataName => Path.GetFileName(data);

    /// <summary>Files that a training writes beside its model.</summary>
    public static IReadOnlyList<string> FilesBeside(string path) => [path + CheckpointSuffix, path + CheckpointSuffix + PreviousSuffix];

    /// <summary>Trains; returns the exit code.</summary>
    public int Execute(ComputeBackend backend, ToolTerminal terminal, bool resume, string resumeCommand, CancellationToken cancellation)
    {
        if (resume && !File.Exists(CheckpointPath) && File.Exists(path))
        {
            RequireSame(backend);
            terminal.Note($"{path} is complete; there is nothing to resume.");
            return 0;
        }

        if (!resume && File.Exists(CheckpointPath))
        {
            File.Move(CheckpointPath, CheckpointPath + PreviousSuffix, overwrite: true);
            terminal.Note($"Beginning anew (--resume would have continued); the old checkpoint is now {CheckpointPath}{PreviousSuffix}.");
        }

        Announce(terminal);
        var checkpoint = new TrainingCheckpoint(CheckpointPath, interval, resume, Describe);
        TrainingResult result;
        RatioStack? stack;
        try
        {
            using ProgressLine line = terminal.StartProgress();
            result = FlowTrainer.Train(table.Set, options, backend, checkpoint, new Progress(line), cancellation);
            stack = FitStack(line, terminal, cancellation);
        }
        catch (OperationCanceledException exception)
        {
            terminal.Error($"{Kept(exception, checkpoint)}:\n  {resumeCommand}");
            return ToolFailure.Interrupted;
        }
        catch (TrainingDivergedException exception) when (checkpoint.Step is { } step)
        {
            throw new TrainingDivergedException(
                $"{exception.Message} The checkpoint of step {step} stays in {CheckpointPath}; it can be used as a model.", exception);
        }

        TrainedModel trained = Describe(result, result.Curve[^1].Step, TrainingIdentity.Of(backend, table.Set, options)) with { Stack = stack };
        trained.Write(path);
        File.Delete(CheckpointPath);
        Print(result, stack?.Record, terminal);
        if (NextCommand.Of(trained, path, data, reading) is { } next)
        {
            terminal.Note($"Next: {next}");
        }

        return 0;
    }

    private RatioStack? FitStack(ProgressLine line, ToolTerminal terminal, CancellationToken cancellation)
    {
        if (stackOptions is null)
        {
            return null;
        }

        if (StackTrainer.Obstacle(table.Set) is { } obstacle)
        {
            terminal.Note($"Log-ratios will be the flow's own, which no held-out labels have judged: {obstacle}.");
            return null;
        }

        var progress = new StackProgress(line);
        return StackTrainer.Train(table.Set, stackOptions, progress, cancellation);
    }

    /// <summary>What an interruption leaves; choosing and fitting a base come before the first checkpoint, and before one that is there is read.</summary>
    private string Kept(OperationCanceledException exception, TrainingCheckpoint checkpoint) =>
        checkpoint.Step is not null ? $"{exception.Message} The checkpoint {CheckpointPath} has everything; continue with"
        : File.Exists(CheckpointPath) ? $"Interrupted before the training went on; the checkpoint {CheckpointPath} is as it was; continue with"
        : "Interrupted before the first step; nothing was saved yet. Begin again with";

    private TrainedModel Describe(FlowTraining training) => Describe(training.Result(), training.Step, training.Identity);

    private TrainedModel Describe(TrainingResult result, int steps, TrainingIdentity identity) => new(
        result.Model,
        InputRecord.Of(table.Selection),
        new TrainingRecord
        {
            Data = DataName,
            Rows = table.Set.Rows,
            RowsLeftOut = table.RowsLeftOut,
            Digest = table.Digest,
            HeldOutFraction = options.ValidationFraction,
            Roles = RowRoles.Of(table.Set.Rows + table.RowsLeftOut, table.UsedRows, result.Split),
            Seed = options.Seed,
            ConditionDrop = options.DropProbabilities(table.Set.Vocabulary.Names.Count),
            Steps = steps,
            ModelStep = result.ModelStep,
            Curve = [.. result.Curve.Select(CurveRecord.Of)],
            Restarts = [.. result.Restarts.Select(RestartRecord.Of)],
            BaseSelection = result.BaseSelection,
            Identity = identity.Values,
        })
    {
        Components = table.Components,
    };

    /// <summary>A finished model must be that of this training, or --resume would pass over changed options in silence.</summary>
    private void RequireSame(ComputeBackend backend)
    {
        TrainedModel model = TrainedModel.Read(path);
        bool wantsStack = stackOptions is not null && StackTrainer.Obstacle(table.Set) is null;
        if (wantsStack != (model.Stack is not null))
        {
            throw new ArgumentException($"{path} is complete, but {(wantsStack ? "holds the flow alone" : "holds log-ratios beside the flow")}. Leave --resume out to train anew.");
        }

        TrainingIdentity? there = model.Training is { } record ? new TrainingIdentity(record.Identity) : null;
        if (there is null || there.Difference(TrainingIdentity.Of(backend, table.Set, options)) is { } difference && difference.Length > 0)
        {
            string why = there?.Difference(TrainingIdentity.Of(backend, table.Set, options)) ?? "it has no record of its training";
            throw new ArgumentException($"{path} is complete, but from another training: {why}. Leave --resume out to train anew.");
        }
    }

    private void Announce(ToolTerminal terminal)
    {
        string covariates = string.Join(
            "; ",
            (string[])
            [
                .. table.Set.Vocabulary.Covariates.Select(covariate =>
                    $"{covariate.Name}: {BriefList.Of([.. covariate.Categories.Zip(covariate.Counts, (category, count) => $"{NameList.Quote(category)} {count:#,0}")])}"),
                .. table.Set.Vocabulary.Continuous.Select(covariate => $"{covariate.Name}: from {covariate.Smallest:G6} to {covariate.Largest:G6}"),
            ]);
        if (table.Components is { } projection)
        {
            double kept = projection.ExplainedVariance.ToArray().Sum() / projection.TotalVariance;
            terminal.Note($"{projection.Dimension} principal components of {projection.InputDimension} coordinates, {kept:0.0%} of the variance.");
        }

        terminal.Note($"Covariates: {covariates}.");
        foreach (CovariateVocabulary covariate in table.Set.Vocabulary.Covariates)
        {
            foreach (IGrouping<string, string> alike in covariate.Categories.GroupBy(Plain).Where(group => group.Skip(1).Any()))
            {
                terminal.Note(
                    $"'{covariate.Name}' has categories that differ only by blanks or by case, and are different ones to the training: "
                    + $"{string.Join(", ", alike.Select(category => $"'{category}'"))}.");
            }
        }

        if (table.RowsLeftOut > 0)
        {
            terminal.Note($"{table.RowsLeftOut:#,0} rows without a value of a covariate are left out.");
        }

        if (table.Set.Copies.Count is > 0 and var copies)
        {
            terminal.Note($"{copies:#,0} of {table.Set.Rows:#,0} rows are copies of others (equal in every coordinate); copies stay on one side of the held-out split.");
        }

        foreach (string note in FarValueNotes.Of(table.Set, table.NameOf, row => table.UsedRows[row] + 1, options.Standardize))
        {
            terminal.Note(note);
        }
    }

    private static string Plain(string category) => string.Concat(category.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();

    private void Print(TrainingResult result, StackRecord? judged, ToolTerminal terminal)
    {
        int heldOut = result.Split.HeldOut.Count;
        Grid grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string value) => grid.AddRow(Markup.Escape(name), Markup.Escape(value));
        Row("model", $"{path} ({new FileInfo(path).Length / 1e6:0.0} MB, {result.Model.Network.ParameterCount:#,0} parameters)");
        Row("rows", $"{table.Set.Rows - heldOut:#,0} for training, {heldOut:#,0} held out");
        Row("steps", result.Restarts.Count > FlowTraining.MostRestarts
            ? $"{result.Curve[^1].Step:#,0} of {options.Steps:#,0}: the loss jumps whatever the learning rate; weights of step {result.ModelStep:#,0}"
            : result.Curve[^1].Step < options.Steps
            ? $"{result.Curve[^1].Step:#,0} of {options.Steps:#,0}: no better validation loss in {options.Patience} checks; weights of step {result.ModelStep:#,0}"
            : $"{options.Steps:#,0}; weights of step {result.ModelStep:#,0}");
        Row("loss", $"{result.FinalLoss.Total:0.0000}{(result.FinalValidation is { } held ? $" (held out {held.Total:0.0000})" : string.Empty)}");
        foreach (TrainingRestart restart in result.Restarts)
        {
            Row("restart", restart.ToString());
        }

        Row("time", ProgressLine.Duration(result.Duration));
        if (judged is not null)
        {
            Row(
                "labels",
                $"held-out log-loss {judged.LogLoss:0.0000} (by guessing {judged.ConstantLogLoss:0.0000}, linear {judged.LinearLogLoss:0.0000}), slope {judged.Slope:0.00}, "
                + $"{judged.Rows:#,0} rows in {FoldText}");
            Row("log-ratios", judged.Weights.Count == 0 ? "0" : string.Join(", ", judged.Weights.Select(entry => $"{entry.Value:0.00} {entry.Key}")));
        }

        terminal.Output.Write(grid);
        if (judged is not null)
        {
            terminal.Note(judged.Sentence);
            if (judged.LeftOut.Count > 0)
            {
                terminal.Note($"Too few rows for log-ratios: {string.Join("; ", judged.LeftOut)}.");
            }
        }
    }

    private sealed class StackProgress(ProgressLine line) : IProgress<double>
    {
        public void Report(double value) => line.Report(() => $"cross-fitting log-ratios: {value:0%}");
    }

    private sealed class Progress(ProgressLine line) : IProgress<TrainingProgress>
    {
        private (int Step, TimeSpan Elapsed)? first;

        public void Report(TrainingProgress value)
        {
            if (value.Pilot is { } pilot)
            {
                line.Report(() => $"choosing a base, {pilot}: {ProgressLine.Describe(value.Step, value.Steps, "steps", value.Step / value.Elapsed.TotalSeconds)}");
                return;
            }

            // The speed of this process: after a resume, earlier steps may have run elsewhere.
            (int step, TimeSpan elapsed) = first ??= (value.Step, value.Elapsed);
            double perSecond = value.Step > step ? (value.Step - step) / (value.Elapsed - elapsed).TotalSeconds : 0;
            line.Report(() => $"training: {ProgressLine.Describe(value.Step, value.Steps, "steps", perSecond)}, loss {value.Loss.Total:0.0000}"
                + (value.Validation is { } held ? $" (held out {held.Total:0.0000})" : string.Empty)
                + (value.Restart is { } restart ? $"; {restart}" : string.Empty));
        }
    }
}
