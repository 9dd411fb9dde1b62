using System.Diagnostics;
using FlowRatio.Applications.Statistics;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// What the experiments with a known log-ratio share: train on samples of both distributions, estimate by every method on test points,
/// compare with the truth.
/// </summary>
/// <param name="task">The two distributions.</param>
/// <param name="options">Methods, sizes, seed.</param>
/// <param name="amend">Adds to a method's report what its experiment wants of the estimates, or null.</param>
internal sealed class KnownRatioRun(
    IRatioTask task, ExperimentOptions options, Func<MethodReport, IReadOnlyList<double>, MethodReport>? amend = null)
{
    public const string Numerator = "p1";
    public const string Denominator = "p0";

    // Numbers of the data sets (see IRatioTask.Sample).
    public const uint TrainingSetNumber = 0;
    public const uint TestSetNumber = 1;
    public const uint FirstFreshSetNumber = 2;

    // Enough for a mean squared error to a few percent at a fraction of the main estimate's time.
    private const int WorkPoints = 2000;

    /// <summary>Trains and estimates.</summary>
    /// <param name="points">Test points, row-major.</param>
    /// <param name="truth">Their exact log-ratios.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="createProgress">Told the description of each stage, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    public (TrainReport Train, IReadOnlyList<MethodReport> Methods) Run(
        float[] points,
        double[] truth,
        ComputeBackend backend,
        Func<string, IStageProgress>? createProgress,
        CancellationToken cancellation)
    {
        int below = options.TrainPoints / 2;
        float[] sources = task.Sample(below, false, options.Seed, TrainingSetNumber);
        float[] targets = task.Sample(options.TrainPoints - below, true, options.Seed, TrainingSetNumber);
        List<MethodReport> reports = [];
        TrainReport? train = null;
        if (options.Methods.Flow.Count > 0)
        {
            TrainingSet data = TrainingSet.FromClasses("distribution", task.Dimension, (Denominator, sources), (Numerator, targets));
            var flow = new FlowExperiment(options.Methods.Flow, options.Training, options.Estimation, Numerator, Denominator) { Members = options.Members };
            (train, IReadOnlyList<MethodReport> flowReports) = flow.Run(
                data,
                points,
                backend,
                estimates => Describe(estimates, truth),
                createProgress,
                cancellation,
                (method, model) => MeasureWork(method, model, points, truth, backend, cancellation));
            reports.AddRange(flowReports);
        }

        var timeScores = new TimeScoreRun(task, options, sources, targets);
        foreach (TimeScoreMethod method in options.Methods.TimeScores)
        {
            reports.Add(timeScores.Run(
                method, points, backend, estimates => Describe(estimates, truth), createProgress, cancellation));
        }

        if (options.Methods.HasClassifier)
        {
            reports.Add(new ClassifierRun(task, options, sources, targets).Run(
                points, backend, estimates => Compare(estimates, truth), createProgress, cancellation));
        }

        // A report always has a training: the flow's, or without one the first baseline's.
        return (train ?? reports[0].Train!, [.. options.Methods.Names.Select(name => reports.Single(report => report.Name == name))]);
    }

    /// <summary>Mean and standard deviation of the truth, for the report.</summary>
    public static Dictionary<string, object?> Describe(double[] truth)
    {
        double mean = truth.Average();
        return new Dictionary<string, object?>
        {
            ["mean"] = mean,
            ["standard_deviation"] = Math.Sqrt(truth.Average(value => value * value) - (mean * mean)),
            ["points"] = truth.Length,
        };
    }

    private MethodReport Describe(EstimationResult estimates, double[] truth)
    {
        MethodReport report = Compare(estimates.Values, truth);
        bool finite = report.NonFinite == 0;
        double[] absolute = [.. estimates.Values.Zip(truth, (estimate, exact) => Math.Abs(estimate - exact))];
        IReadOnlyList<double>? disagreements = finite ? estimates.Disagreements : null;
        IReadOnlyList<double>? deviations = finite ? estimates.SourceDeviations : null;
        return report with
        {
            MeanSourceDeviation = deviations?.Average(),
            SourceDeviationCorrelation = deviations is null ? null : RankCorrelation.Of(deviations, absolute),
            MeanDisagreement = disagreements?.Average(),
            DisagreementCorrelation = disagreements is null ? null : RankCorrelation.Of(disagreements, absolute),
        };
    }

    private MethodReport Compare(IReadOnlyList<double> estimates, double[] truth)
    {
        ErrorSummary errors = ErrorSummary.Of(estimates, truth);
        var report = new MethodReport
        {
            Name = string.Empty,
            Mse = errors.MeanSquared,
            Mae = errors.MeanAbsolute,
            Bias = errors.Bias,
            StdError = errors.StandardError,
            NonFinite = errors.NonFinite,
            Scatter = options.ScatterPoints == 0 ? null : Scatter(estimates, truth),
            ErrorByTruth = options.ScatterPoints == 0 ? null : ErrorBin.Of(estimates, truth),
        };
        return amend is null ? report : amend(report, estimates);
    }

    private ScatterPoint[] Scatter(IReadOnlyList<double> estimates, double[] truth) =>
        [.. Spread(options.ScatterPoints, truth.Length).Select(i => new ScatterPoint(truth[i], estimates[i]))];

    // Numbers of some test points, evenly spread over all, so that both distributions are among them.
    private static IEnumerable<int> Spread(int wanted, int all)
    {
        int count = Math.Min(wanted, all);
        return Enumerable.Range(0, count).Select(i => (int)((long)i * all / count));
    }

    private List<WorkPoint>? MeasureWork(
        RatioMethod method, FlowModel model, float[] points, double[] truth, ComputeBackend backend, CancellationToken cancellation)
    {
        if (options.WorkSteps.Count == 0 || options.Estimation.Adaptive is not null || options.Estimation.Quadrature is not null)
        {
            return null;
        }

        int[] rows = [.. Spread(WorkPoints, truth.Length)];
        float[] some = [.. rows.SelectMany(row => points[(row * task.Dimension)..((row + 1) * task.Dimension)])];
        double[] exact = [.. rows.Select(row => truth[row])];
        List<WorkPoint> work = [];
        foreach (int steps in options.WorkSteps)
        {
            var clock = Stopwatch.StartNew();
            EstimationResult estimates = method.Estimate(
                model,
                some,
                model.Condition(Numerator),
                model.Condition(Denominator),
                options.Estimation with { Steps = steps },
                backend,
                null,
                cancellation);
            work.Add(new WorkPoint(
                steps,
                estimates.EvaluationsPerPoint,
                clock.Elapsed.TotalSeconds / rows.Length,
                ErrorSummary.Of(estimates.Values, exact).MeanSquared));
        }

        return work;
    }
}
