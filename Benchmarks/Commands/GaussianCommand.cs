using System.CommandLine;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>gaussian</c>: log-ratio of two shifted Gaussians against the closed form.</summary>
internal static class GaussianCommand
{
    private const int PaperTrainPoints = 90_000;
    private const int PaperTestPoints = 10_000;
    private const uint TrainingSetNumber = 0;
    private const uint TestSetNumber = 1;

    public static Command Create()
    {
        var command = new Command("gaussian", "Train on samples of N(0, I) and N(shift, I) and compare estimated log-ratios with the exact ones.");
        var dimension = new Option<int>("--dim") { Description = "Dimension.", DefaultValueFactory = _ => 10 };
        var shift = new Option<double>("--shift") { Description = "Shift of the numerator's mean in every coordinate.", DefaultValueFactory = _ => 1 };
        var trainPoints = new Option<int>("--train-points") { Description = "Training points, both classes together.", DefaultValueFactory = _ => 90_000 };
        var testPoints = new Option<int>("--test-points") { Description = "Test points, both classes together.", DefaultValueFactory = _ => 10_000 };
        var paper = new Option<bool>("--paper") { Description = "The published protocol: width 1024, batch 512, 100,000 steps, constant rate 1e-4, no averaging (hours on a CPU)." };
        command.Options.Add(dimension);
        command.Options.Add(shift);
        command.Options.Add(trainPoints);
        command.Options.Add(testPoints);
        command.Options.Add(paper);
        var arguments = new FlowArguments(command, "s1,s2,s3,naive", 15_000);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(() =>
        {
            var task = new GaussianTask(FlowArguments.AtLeast(parsed, dimension, 1), parsed.GetValue(shift));
            if (!double.IsFinite(task.Shift))
            {
                throw new ArgumentException($"--shift is {task.Shift}; a finite number is needed.");
            }

            bool isPaper = parsed.GetValue(paper);
            IReadOnlyList<RatioMethod> methods = RatioMethod.Parse(arguments.Methods(parsed));
            TrainingOptions training = arguments.Training(parsed);
            if (isPaper)
            {
                training = Published(training, task.Dimension);
            }

            var experiment = new FlowExperiment(methods, training, arguments.Estimation(parsed), "p1", "p0");
            int trainCount = isPaper ? PaperTrainPoints : FlowArguments.AtLeast(parsed, trainPoints, 2);
            int testCount = isPaper ? PaperTestPoints : FlowArguments.AtLeast(parsed, testPoints, 2);
            FileInfo? json = arguments.Json(parsed);
            using ComputeBackend backend = arguments.CreateBackend(parsed);
            Dictionary<string, object?> options = FlowArguments.Values(parsed);
            if (isPaper)
            {
                options["width"] = training.Network.HeadHidden;
                options["batch"] = training.BatchSize;
                options["steps"] = training.Steps;
                options["learning_rate"] = training.LearningRate.Peak;
                options["average"] = training.AverageDecay;
                options["drop"] = training.ConditionDrop[0];
                options["train_points"] = trainCount;
                options["test_points"] = testCount;
            }

            ExperimentReport report = Run(
                task, experiment, trainCount, testCount, arguments.Seed(parsed), options, backend, cancellation);
            ResultTable.Print(report, FlowArguments.Describe(experiment.Estimation));
            if (json is not null)
            {
                report.Write(json.FullName);
            }
        })));
        return command;
    }

    private static ExperimentReport Run(
        GaussianTask task,
        FlowExperiment experiment,
        int trainCount,
        int testCount,
        ulong seed,
        Dictionary<string, object?> options,
        ComputeBackend backend,
        CancellationToken cancellation)
    {
        TrainingSet data = TrainingSet.FromClasses(
            "distribution",
            task.Dimension,
            ("p0", task.Sample(trainCount / 2, false, seed, TrainingSetNumber)),
            ("p1", task.Sample(trainCount - (trainCount / 2), true, seed, TrainingSetNumber)));
        float[] points =
        [
            .. task.Sample(testCount / 2, false, seed, TestSetNumber),
            .. task.Sample(testCount - (testCount / 2), true, seed, TestSetNumber),
        ];
        double[] truth = task.LogRatio(points);
        (TrainReport train, IReadOnlyList<MethodReport> methods) = experiment.Run(
            data, points, backend, estimates => Describe(estimates, truth), cancellation);
        double variance = truth.Average(value => value * value) - Math.Pow(truth.Average(), 2);
        return new ExperimentReport("gaussian", options, backend.Name, train, methods, new Dictionary<string, object?>
        {
            ["mean"] = truth.Average(),
            ["standard_deviation"] = Math.Sqrt(variance),
            ["points"] = truth.Length,
        });
    }

    private static MethodReport Describe(EstimationResult estimates, double[] truth)
    {
        ErrorSummary errors = ErrorSummary.Of(estimates.Values, truth);
        double[] absolute = [.. estimates.Values.Zip(truth, (estimate, exact) => Math.Abs(estimate - exact))];
        IReadOnlyList<double>? disagreements = errors.NonFinite == 0 ? estimates.Disagreements : null;
        IReadOnlyList<double>? deviations = errors.NonFinite == 0 ? estimates.SourceDeviations : null;
        return new MethodReport
        {
            Name = string.Empty,
            Mse = errors.MeanSquared,
            Mae = errors.MeanAbsolute,
            Bias = errors.Bias,
            StdError = errors.StandardError,
            NonFinite = errors.NonFinite,
            MeanSourceDeviation = deviations?.Average(),
            SourceDeviationCorrelation = deviations is null ? null : RankCorrelation.Of(deviations, absolute),
            MeanDisagreement = disagreements?.Average(),
            DisagreementCorrelation = disagreements is null ? null : RankCorrelation.Of(disagreements, absolute),
        };
    }

    /// <summary>The published protocol, with the published code widths where the dimension has some.</summary>
    private static TrainingOptions Published(TrainingOptions options, int dimension)
    {
        (int data, int time, int condition) = dimension switch
        {
            2 => (256, 32, 64),
            5 => (256, 1, 64),
            10 => (256, 1, 128),
            20 => (64, 32, 32),
            30 => (128, 1, 64),
            _ => (256, 32, 64),
        };
        return options with
        {
            Network = options.Network with
            {
                HeadHidden = 1024,
                DataCode = data,
                TimeFeatures = time,
                ConditionCode = condition,
            },
            BatchSize = 512,
            Steps = 100_000,
            LearningRate = LearningRateSchedule.Constant(1e-4),
            AverageDecay = 0,
            ConditionDrop = [0],
            Standardize = false,
            ValidationFraction = 0,
        };
    }
}
