using System.Diagnostics;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Models.Sections;
using FlowRatio.Training.Records;

namespace FlowRatio.Training.Checkpoints;

/// <summary>
/// A checkpoint in one file, replaced as a whole every few minutes. It is a model file (the model so far can be tried while the training
/// goes on) with the state of the training beside it.
/// </summary>
public sealed class TrainingCheckpoint : ITrainingCheckpoints
{
    private const string StateKey = ModelFile.TrainingPrefix + "state";
    private const string ParametersName = ModelFile.TrainingPrefix + "parameters";
    private const string FirstMomentName = ModelFile.TrainingPrefix + "first_moment";
    private const string SecondMomentName = ModelFile.TrainingPrefix + "second_moment";
    private const string AverageName = ModelFile.TrainingPrefix + "average";
    private const string WhiteningName = ModelFile.TrainingPrefix + "whitening";
    private const string BestName = ModelFile.TrainingPrefix + "best";

    private readonly TimeSpan interval;
    private readonly Func<FlowTraining, TrainedModel> describe;
    private readonly bool resume;
    private readonly Stopwatch sinceLast = Stopwatch.StartNew();

    /// <summary>Plans checkpoints.</summary>
    /// <param name="path">The file.</param>
    /// <param name="interval">Time between checkpoints.</param>
    /// <param name="resume">Whether to continue from the file if it is there.</param>
    /// <param name="describe">The model so far with its records.</param>
    public TrainingCheckpoint(string path, TimeSpan interval, bool resume, Func<FlowTraining, TrainedModel> describe)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(describe);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        Path = path;
        this.interval = interval;
        this.resume = resume;
        this.describe = describe;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Step of the checkpoint on the disk; null while there is none of this training.</summary>
    public int? Step { get; private set; }

    /// <inheritdoc/>
    public bool IsDue => sinceLast.Elapsed >= interval;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">It is the checkpoint of another training.</exception>
    public void Restore(FlowTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (!resume || !File.Exists(Path))
        {
            return;
        }

        SafetensorsFile file = SafetensorsFile.Read(Path);
        TrainingState state;
        try
        {
            CheckpointState kept = SectionJson.Read<CheckpointState>(file.Metadata, StateKey);
            if (new TrainingIdentity(kept.Identity).Difference(training.Identity) is { } difference)
            {
                throw new ArgumentException(
                    $"{Path} is the checkpoint of another training: {difference}. Repeat its data and options, or begin again without --resume.");
            }

            int length = file[ParametersName].Count;
            float[] Values(string name) => file[name].RequireShape(length).ToSingle();
            state = new TrainingState
            {
                Step = kept.Step,
                Parameters = Values(ParametersName),
                FirstMoment = Values(FirstMomentName),
                SecondMoment = Values(SecondMomentName),
                Average = Values(AverageName),
                Whitening = file.TryGet(WhiteningName, out SafetensorsTensor? whitening) ? whitening.ToSingle() : [],
                Best = file.TryGet(BestName, out SafetensorsTensor? _) ? Values(BestName) : null,
                Curve = [.. kept.Curve.Select(point => point.ToPoint())],
                SinceReport = (kept.SinceReport.Loss, kept.SinceReport.Count),
                SinceCurve = (kept.SinceCurve.Loss, kept.SinceCurve.Count),
                FirstLoss = kept.FirstLoss?.Loss,
                Restarts = [.. kept.Restarts.Select(restart => restart.ToRestart())],
                Elapsed = TimeSpan.FromSeconds(kept.Seconds),
            };
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{Path}: {exception.Message}", exception);
        }

        training.Restore(state);
        Step = state.Step;
        sinceLast.Restart();
    }

    /// <inheritdoc/>
    public void Write(FlowTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (!training.IsFinite())
        {
            // An earlier checkpoint leads to the same bits: when the training goes back must not depend on when checkpoints are written.
            return;
        }

        TrainingState state = training.Capture();
        List<SafetensorsTensor> tensors =
        [
            Tensor(ParametersName, state.Parameters),
            Tensor(FirstMomentName, state.FirstMoment),
            Tensor(SecondMomentName, state.SecondMoment),
            Tensor(AverageName, state.Average),
        ];
        if (state.Whitening.Length > 0)
        {
            tensors.Add(Tensor(WhiteningName, state.Whitening));
        }

        if (state.Best is not null)
        {
            tensors.Add(Tensor(BestName, state.Best));
        }

        Dictionary<string, string> sections = new(StringComparer.Ordinal)
        {
            [StateKey] = SectionJson.Write(CheckpointState.Of(state, training.Identity)),
        };
        describe(training).Write(Path, sections, tensors);
        Step = state.Step;
        sinceLast.Restart();
    }

    private static SafetensorsTensor Tensor(string name, float[] values) => SafetensorsTensor.Of(name, values, values.Length);
}
