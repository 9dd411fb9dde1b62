using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Solvers;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The same trainings and the same solves on two backends. Batches, times and noise are the same numbers on both, so losses differ by
/// roundings alone; these grow from step to step, because Adam divides by the root of small second moments.
/// </summary>
/// <param name="Dimension">Dimension d of the Gaussian task.</param>
/// <param name="Width">Width of the heads.</param>
/// <param name="Batch">Rows per step.</param>
/// <param name="Steps">Training steps.</param>
/// <param name="Points">Points of a solve.</param>
internal sealed record DeviceComparison(int Dimension, int Width, int Batch, int Steps, int Points)
{
    /// <summary>Bound of |loss difference| / loss.</summary>
    public const double LossBound = 1e-3;

    /// <summary>Bound of a log-ratio's difference in nats for every row, per nat of the largest one (at least 1).</summary>
    public const double JumpBound = 2e-2;

    private const int BatchesPerClass = 8;
    private const double RatioBound = 1e-4;
    private const double AdaptiveBound = 1e-2;
    private const double Tolerance = 1e-5;
    private const int Nodes = 8;
    private const ulong Seed = 1;
    private readonly GaussianTask task = new(Dimension, 1);

    /// <summary>Trainings: as published; as users get them without options, whose whitened inputs a base replaces; and beside a base.</summary>
    public IReadOnlyList<(string Name, TrainingOptions Options)> Trainings
    {
        get
        {
            var defaults = new TrainingOptions
            {
                Steps = Steps,
                BatchSize = Batch,
                Seed = Seed,
                ConditionDrop = [0.1],
                Network = new NetworkShape(1, []) { HeadHidden = Width },
            };
            TrainingOptions published = defaults with
            {
                TargetReferences = 0, MirroredNoise = false, Whitening = null, ConditionScale = 1, HiddenGain = 1, LearningRate = LearningRateSchedule.WarmUpCosine(5e-4),
                Network = defaults.Network with { ConditionCode = 32, TimeScale = 1 },
            };
            return
            [
                ("published", published), ("default", defaults), ("default beside a base", defaults with { Base = BaseChoice.Parse("gaussian") }),
            ];
        }
    }

    /// <summary>Ways to a log-ratio, and how much of the largest one a device may differ by, but for one row in a hundred.</summary>
    public static IReadOnlyList<(string Name, EstimationOptions Options, double Bound)> Integrations =>
    [
        ("equal steps", new EstimationOptions(), RatioBound),
        ("exact divergences", new EstimationOptions { Divergence = DivergenceMethod.Exact }, RatioBound),

        // A step that one rounding rejects gives a trajectory other steps; with probes the noise of its divergences would be another as well.
        ("adaptive, exact", new EstimationOptions { Adaptive = new AdaptiveOptions(Tolerance, Tolerance), Divergence = DivergenceMethod.Exact }, AdaptiveBound),
        ("quadrature", new EstimationOptions { Quadrature = QuadratureOptions.WithNodes(Nodes) }, RatioBound),
    ];

    /// <summary>Trains on a backend.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="options">How.</param>
    /// <returns>Mean losses since the report before, the model, what a step asked of the device, seconds.</returns>
    public TrainedRun Train(ComputeBackend backend, TrainingOptions options)
    {
        TrainingSet data = TrainingSet.FromClasses(
            "distribution",
            Dimension,
            ("p0", task.Sample(BatchesPerClass * Batch, false, Seed, 0)),
            ("p1", task.Sample(BatchesPerClass * Batch, true, Seed, 0)));
        using var training = new FlowTraining(backend, data, options);
        List<double> losses = [];
        var clock = Stopwatch.StartNew();

        // Launches are counted where steps are graphs already, and before the last one, which validates.
        int first = Steps / 2, last = Math.Max(first + 1, Steps - 1);
        Func<double, LaunchReport?> count = LaunchReport.Count(backend);
        LaunchReport? launches = null;
        while (!training.IsComplete)
        {
            if (training.Step == first)
            {
                count = LaunchReport.Count(backend);
            }

            training.Advance();
            launches = training.Step == last ? count(last - first) : launches;
            if (training.HasReport)
            {
                losses.Add(training.Progress.Loss.Total);
            }
        }

        return new TrainedRun(losses, training.Result().Model, launches, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Estimates log-ratios by a model on a backend.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="model">The model, the same for all backends that are compared.</param>
    /// <param name="options">How.</param>
    /// <returns>Log-ratios in nats, what the solve asked of the device, seconds.</returns>
    public SolvedRun Solve(ComputeBackend backend, FlowModel model, EstimationOptions options)
    {
        using var estimator = new LogRatioEstimator(model, options, backend);
        float[] points = task.Sample(Points, true, Seed, 1);
        Func<double, LaunchReport?> count = LaunchReport.Count(backend);
        var clock = Stopwatch.StartNew();
        EstimationResult result = estimator.Estimate(points, model.Condition("p1"), model.Condition("p0"));
        return new SolvedRun(result.Values, count(1), clock.Elapsed.TotalSeconds);
    }

    /// <summary>A training's outcome on one backend.</summary>
    public sealed record TrainedRun(IReadOnlyList<double> Losses, FlowModel Model, LaunchReport? Launches, double Seconds);

    /// <summary>A solve's outcome on one backend.</summary>
    public sealed record SolvedRun(IReadOnlyList<double> Ratios, LaunchReport? Launches, double Seconds);
}
