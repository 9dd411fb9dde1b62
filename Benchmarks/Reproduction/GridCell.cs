using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Paths;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>
/// The smallest piece of a reproduction that is finished or not: one training and the estimates from it. Methods of the flow share a cell, as
/// they share its training; a baseline has a cell of its own, which knows no schedule.
/// </summary>
public class GridCell
{
    // Raise it when a change of the program makes older cells wrong.
    private const int FormatVersion = 1;

    // Options that a flow's cell does not depend on, and those that a baseline's does.
    private static readonly string[] BaselineOptions = ["baseline_", "tsm_weight", "fresh_samples", "classifier_"];
    private static readonly string[] SharedOptions = ["train_points", "test_points", "methods", "seed"];

    private string? identity;

    /// <summary>Describes a cell.</summary>
    /// <param name="experiment">gaussian or mi.</param>
    /// <param name="task">The two distributions.</param>
    /// <param name="difficulty">Shift of the means, or correlation.</param>
    /// <param name="schedule">Schedule of the flow, or null for a baseline.</param>
    /// <param name="repetition">From 1.</param>
    /// <param name="options">Methods, sizes, seed: all that decides the result.</param>
    /// <param name="device">Where it is computed.</param>
    public GridCell(
        string experiment, IRatioTask task, double difficulty, PathSchedule? schedule, int repetition, ExperimentOptions options, string device)
    {
        ArgumentNullException.ThrowIfNull(options);
        Experiment = experiment;
        Task = task;
        Difficulty = difficulty;
        Schedule = schedule;
        Repetition = repetition;
        Options = options;
        Device = device;
    }

    /// <summary>gaussian or mi.</summary>
    public string Experiment { get; }

    /// <summary>The two distributions.</summary>
    public IRatioTask Task { get; }

    /// <summary>Shift of the means, or correlation.</summary>
    public double Difficulty { get; }

    /// <summary>Schedule of the flow, or null for a baseline.</summary>
    public PathSchedule? Schedule { get; }

    /// <summary>From 1.</summary>
    public int Repetition { get; }

    /// <summary>Methods, sizes, seed.</summary>
    public ExperimentOptions Options { get; }

    /// <summary>Where it is computed.</summary>
    public string Device { get; }

    /// <summary>All that decides the result, as JSON: two cells are the same if and only if these texts are.</summary>
    public string Identity => identity ??= JsonSerializer.Serialize(Describe(), JsonFile.Format);

    /// <summary>A few words for progress bars.</summary>
    public virtual string Label =>
        $"{Experiment} d={Task.Dimension} {DifficultyName}={Difficulty} {Schedule?.Name ?? string.Join(",", Options.Methods.Names)} #{Repetition}";

    /// <summary>
    /// Name of the cell's file. It ends with a digest of <see cref="Identity"/>, so that cells with other options lie beside each other.
    /// </summary>
    public string FileName =>
        $"{FileStart}-r{Repetition}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Identity)))[..10]}.json";

    /// <summary>Beginning of <see cref="FileName"/>, for people.</summary>
    protected virtual string FileStart =>
        $"{Experiment}-d{Task.Dimension}-{DifficultyName}{Difficulty}-{Schedule?.Name ?? Options.Methods.Names[0]}";

    /// <summary>How many trainings it takes.</summary>
    public int Trainings => Schedule is not null ? Options.Members : Options.Methods.HasClassifier ? Options.ClassifierWidths.Count : 1;

    /// <summary>Rough number of multiplications of its trainings, to weigh progress with.</summary>
    public double Work
    {
        get
        {
            if (Options.Methods.HasClassifier)
            {
                return 6.0 * Options.Classifier.Steps * Options.Classifier.BatchSize * Options.ClassifierWidths.Sum(width => (double)width * (width + Task.Dimension));
            }

            if (Schedule is null)
            {
                double hidden = Options.TimeScores.Training.Hidden;
                return 6.0 * Options.TimeScores.Training.Steps * Options.TimeScores.Training.BatchSize
                    * ((2 * hidden * hidden) + (hidden * (Task.Dimension + 1)));
            }

            double width = Options.Training.Network.HeadHidden;
            return 6.0 * Options.Members * Options.Training.Steps * Options.Training.BatchSize
                * ((2 * 2 * width * width) + (2 * width * (Task.Dimension + Options.Training.Network.HeadInput)));
        }
    }

    private string DifficultyName => Experiment == "mi" ? "rho" : "shift";

    /// <summary>The experiment that fills the cell.</summary>
    public virtual IExperiment CreateExperiment() => Task switch
    {
        GaussianTask gaussian => new GaussianExperiment(gaussian, Options),
        BlockCorrelationTask correlated => new MutualInformationExperiment(correlated, Options),
        _ => throw new InvalidOperationException($"There is no experiment for {Task}."),
    };

    /// <summary>All that decides the result, by name.</summary>
    protected virtual SortedDictionary<string, object?> Describe()
    {
        bool IsBaselineOption(string name) => BaselineOptions.Any(start => name.StartsWith(start, StringComparison.Ordinal));
        var identity = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["format"] = FormatVersion,
            ["experiment"] = Experiment,
            ["dim"] = Task.Dimension,
            [DifficultyName] = Difficulty,
            ["device"] = Device,
            ["scatter_points"] = Options.ScatterPoints,
        };
        foreach ((string name, object? value) in Options.Reported)
        {
            // Cells from before there were these options stay what they are.
            bool isAsBefore = name switch
            {
                "members" => Options.Members == 1,
                "mirrored_noise" => !Options.Training.MirroredNoise,
                "whitening" => Options.Training.Whitening is null,
                "whitened_passes" => Options.Training.Whitening is null || Options.Training.MostWhitenedPasses == new TrainingOptions().MostWhitenedPasses,
                "residual_gate" => Options.Training.GateResidual || Options.Training.Base.Kind == BaseKind.None,
                "latest_time" => Options.Training.LatestTime == 1,
                _ => false,
            };
            if (isAsBefore)
            {
                continue;
            }

            if (SharedOptions.Contains(name) || IsBaselineOption(name) == Schedule is null)
            {
                identity[name] = value;
            }
        }

        if (Schedule is not null)
        {
            identity["integration"] = FlowArguments.Describe(Options.Estimation);
            identity["adaptive"] = Options.Estimation.Adaptive?.ToString();
            identity["overlap"] = Options.Estimation.Overlap.ToString();
            identity["work_steps"] = string.Join(",", Options.WorkSteps);
            identity["network"] = $"{Options.Training.Network.DataCode},{Options.Training.Network.TimeFeatures},{Options.Training.Network.ConditionCode}";
            identity["standardize"] = Options.Training.Standardize;
            identity["validation_fraction"] = Options.Training.ValidationFraction;
        }
        else
        {
            identity["integration"] = Options.TimeScores.Integration.ToString();
        }

        return identity;
    }
}
