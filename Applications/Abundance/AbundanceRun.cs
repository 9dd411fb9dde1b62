using System.Diagnostics;
using FlowRatio.Applications.Meld;
using FlowRatio.Applications.Neighbors;
using FlowRatio.Applications.Statistics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using FlowRatio.Training.Neighbors;

namespace FlowRatio.Applications.Abundance;

/// <summary>
/// Differential abundance on semi-synthetic labels: real cells, treatment drawn per cell by its cluster's role, every method scored on the
/// cells it was trained on, as published, with the same draw for all.
/// </summary>
public sealed class AbundanceRun
{
    private const string Treatment = "treatment";
    private static readonly string[] Labels = ["control", "treated"];

    private readonly CellTable cells;
    private readonly ClusterRole[] roles;
    private readonly ClusterRole[] clusterRoles;
    private readonly AbundanceOptions options;
    private readonly ComputeBackend backend;
    private NeighborTable? neighbors;
    private MeldEstimator? meld;

    private AbundanceRun(
        CellTable cells, CellCovariate clusters, ClusterRole[] clusterRoles, AbundanceOptions options, ComputeBackend backend)
    {
        this.cells = cells;
        this.clusterRoles = clusterRoles;
        this.options = options;
        this.backend = backend;
        roles = [.. clusters.Codes.Select(code => clusterRoles[code])];
    }

    /// <summary>Runs the protocol.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="clusters">The covariate with the clusters.</param>
    /// <param name="clusterRoles">Role of each cluster.</param>
    /// <param name="options">Levels, seeds, methods.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="progress">Told draw by draw.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the roles do not fit.</exception>
    public static AbundanceResult Run(
        CellTable cells,
        CellCovariate clusters,
        ClusterRole[] clusterRoles,
        AbundanceOptions options,
        ComputeBackend backend,
        IProgress<ApplicationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(clusterRoles);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        options.Validate();
        if (clusterRoles.Length != clusters.Categories.Count)
        {
            throw new ArgumentException($"There are {clusterRoles.Length} roles for {clusters.Categories.Count} clusters.", nameof(clusterRoles));
        }

        return new AbundanceRun(cells, clusters, clusterRoles, options, backend).RunAll(progress, cancellation);
    }

    private AbundanceResult RunAll(IProgress<ApplicationProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        List<AbundanceScore> scores = [];
        AbundanceDraw? shown = null;

        // The picture shows the first seed at a level where the truth is large but finite.
        double shownLevel = options.Levels.Where(level => level < 0.5).DefaultIfEmpty(options.Levels[0]).MinBy(level => Math.Abs(level - 0.4));
        int draws = options.Seeds.Count * options.Levels.Count, done = 0;
        foreach (ulong seed in options.Seeds)
        {
            for (int draw = 0; draw < options.Levels.Count; draw++)
            {
                double level = options.Levels[draw];
                progress?.Report(new ApplicationProgress($"seed {seed}, r = {level}", (double)done / draws));
                bool[] isTreated = SemiSyntheticLabels.Draw(roles, level, seed, draw);
                double[] truth = SemiSyntheticLabels.LogRatios(roles, level, isTreated);
                var ratios = new Dictionary<string, IReadOnlyList<double>>();
                foreach (string method in options.Methods.Append(AbundanceMethod.Truth))
                {
                    var watch = Stopwatch.StartNew();
                    double[] values = method == AbundanceMethod.Truth ? truth : Score(method, isTreated, seed, cancellation);
                    ratios[method] = values;
                    scores.Add(Describe(method, seed, level, values, truth, watch.Elapsed.TotalSeconds));
                }

                if (seed == options.Seeds[0] && level == shownLevel)
                {
                    shown = new AbundanceDraw(seed, level, isTreated, ratios);
                }

                done++;
            }
        }

        progress?.Report(new ApplicationProgress("done", 1));
        return new AbundanceResult(clusterRoles, scores, shown!, clock.Elapsed.TotalSeconds);
    }

    private AbundanceScore Describe(string method, ulong seed, double level, double[] values, double[] truth, double seconds)
    {
        double[] finite = [.. values.Select(value => double.IsNaN(value) ? 0 : value)];
        bool isFinite = level < 0.5;
        double error = isFinite ? Math.Sqrt(finite.Zip(truth, (a, b) => (a - b) * (a - b)).Average()) : double.NaN;
        double correlation = isFinite && level > 0 ? LinearCorrelation.Of(finite, truth) : double.NaN;
        return new AbundanceScore(
            method, seed, level, AbundanceMetrics.Of(finite, roles), error, correlation, values.Count(value => !double.IsFinite(value)), seconds);
    }

    private double[] Score(string method, bool[] isTreated, ulong seed, CancellationToken cancellation)
    {
        switch (method)
        {
            case AbundanceMethod.Meld:
                meld ??= MeldEstimator.Create(cells.Points, cells.Dimension, cancellation);
                return meld.LogRatios(isTreated);
            case AbundanceMethod.Neighbors:
                neighbors ??= NearestNeighbors.Find(cells.Points, cells.Dimension, options.Neighbors, cancellation);
                return LabelFraction.LogRatios(neighbors, isTreated);
            case AbundanceMethod.Classifier:
                ClassifierTrainingResult training = ClassifierTrainer.Train(
                    Set(isTreated), 0, options.Classifier with { Seed = options.Classifier.Seed + seed }, backend, null, cancellation);
                using (var estimator = new ClassifierEstimator(training.Model, backend))
                {
                    return estimator.LogRatios(cells.Points, 1, 0, cancellation);
                }

            case AbundanceMethod.CrossFitted:
                return CrossFitting.Run(
                    Set(isTreated), 0, options.Folds, options.Classifier with { Seed = options.Classifier.Seed + seed }, backend, null, cancellation)
                    .LogRatios(1, 0);
            default:
                FlowSettings settings = options.Flow with
                {
                    Training = options.Flow.Training with { Seed = options.Flow.Training.Seed + seed },
                };
                CellFlows flows = CellFlows.Train(Set(isTreated), settings, backend, null, cancellation);
                return flows.LogRatios(
                    [.. Enumerable.Range(0, cells.Cells)], flows.Vocabulary.Condition(Labels[1]), flows.Vocabulary.Condition(Labels[0]), cancellation);
        }
    }

    private TrainingSet Set(bool[] isTreated) => new(
        cells.Points,
        cells.Dimension,
        new ConditionVocabulary(new CovariateVocabulary(Treatment, Labels)),
        [isTreated.Select(label => label ? 1 : 0).ToArray()]);
}
