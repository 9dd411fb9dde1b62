using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>What a reproduction runs: every combination of task, schedule, method and repetition.</summary>
/// <param name="Experiment">gaussian or mi.</param>
/// <param name="Dimensions">Dimensions.</param>
/// <param name="Difficulties">Shifts of the means, or correlations.</param>
/// <param name="Schedules">Schedules of the flow.</param>
/// <param name="Repetitions">Number of repetitions.</param>
/// <param name="Options">Methods and sizes; the seed is that of the whole reproduction.</param>
/// <param name="Device">Where it is computed.</param>
public sealed record ReproductionGrid(
    string Experiment,
    IReadOnlyList<int> Dimensions,
    IReadOnlyList<double> Difficulties,
    IReadOnlyList<PathSchedule> Schedules,
    int Repetitions,
    ExperimentOptions Options,
    string Device)
{
    private const int SeedStride = 1000;

    /// <summary>Most repetitions: beyond them, seeds of neighbouring reproductions would meet.</summary>
    public const int MostRepetitions = SeedStride - 1;

    /// <summary>Schedules with their published parameters: sigma_min 0.001 for noise at the data, kappa 0.1 for noise on the path.</summary>
    public static IReadOnlyList<PathSchedule> PublishedSchedules { get; } =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.001), PathSchedule.NoiseOnPath(0.1)];

    /// <summary>Whether the published sizes are used; see <see cref="PublishedProtocol"/>.</summary>
    public bool IsPaper { get; init; }

    /// <summary>
    /// Seed of a repetition: 1000 times the reproduction's seed plus the repetition's number. All cells of a repetition share it, and the
    /// command <c>gaussian</c> or <c>mi</c> with it as <c>--seed</c> repeats one cell. Data, training and probes differ between repetitions.
    /// </summary>
    /// <param name="seed">Seed of the reproduction.</param>
    /// <param name="repetition">From 1 to <see cref="MostRepetitions"/>.</param>
    public static ulong CellSeed(ulong seed, int repetition)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetition, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(repetition, MostRepetitions);
        const ulong largest = (ulong.MaxValue - MostRepetitions) / SeedStride;
        return seed <= largest
            ? (SeedStride * seed) + (ulong)repetition
            : throw new ArgumentException($"--seed is {seed}; the largest that leaves room for repetitions is {largest}.");
    }

    /// <summary>The cells: all of the first repetition, then all of the next, so that an early page already shows the whole grid.</summary>
    public IReadOnlyList<GridCell> Cells() =>
    [
        .. from repetition in Enumerable.Range(1, Repetitions)
           from difficulty in Difficulties
           from dimension in Dimensions
           from cell in Cells(dimension, difficulty, repetition)
           select cell,
    ];

    private IEnumerable<GridCell> Cells(int dimension, double difficulty, int repetition)
    {
        IRatioTask task = Experiment == "mi" ? new BlockCorrelationTask(dimension, difficulty) : new GaussianTask(dimension, difficulty);
        ExperimentOptions options = Options.WithSeed(CellSeed(Options.Seed, repetition));
        if (IsPaper)
        {
            options = Experiment == "mi" ? PublishedProtocol.MutualInformation(options, dimension) : PublishedProtocol.Gaussian(options, dimension);
        }

        if (options.Methods.Flow.Count > 0)
        {
            MethodSelection flow = MethodSelection.Parse(string.Join(",", options.Methods.Flow.Select(method => method.Name)));
            foreach (PathSchedule schedule in Schedules)
            {
                yield return new GridCell(
                    Experiment,
                    task,
                    difficulty,
                    schedule,
                    repetition,
                    options with { Methods = flow, Training = options.Training with { Schedule = schedule } },
                    Device);
            }
        }

        IEnumerable<string> others = options.Methods.TimeScores.Select(baseline => baseline.Name);
        foreach (string name in options.Methods.HasClassifier ? others.Append(MethodSelection.ClassifierName) : others)
        {
            yield return new GridCell(Experiment, task, difficulty, null, repetition, options with { Methods = MethodSelection.Parse(name) }, Device);
        }
    }
}
