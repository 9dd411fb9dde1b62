using System.Globalization;
using System.Text.Json;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Kernels;
using FlowRatio.Kernels.Backend;
using FlowRatio.Reports;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// What the precision of products does to a trained flow: our training and our estimator on the emulated device, whose products round as the kernels
/// do and whose tensor cores cut off (<see cref="RoundedProducts"/>). The table of docs/gpu.md is made by
/// <c>FLOWRATIO_PRECISION_STEPS=1500 FLOWRATIO_PRECISION_JSON=FILE dotnet test -c Release --filter FullyQualifiedName~PrecisionInTraining</c>.
/// </summary>
public sealed class PrecisionInTrainingTests
{
    private const int Dimension = 5;
    private const int Points = 1000;
    private const int Batch = 128;
    private const int SolverSteps = 5;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly ProductPrecision[] Precisions = [ProductPrecision.Fp32, ProductPrecision.Tf32, ProductPrecision.ThreeTf32];

    [Test]
    public void Precision_changes_errors_less_than_the_seed_does()
    {
        string? steps = Environment.GetEnvironmentVariable("FLOWRATIO_PRECISION_STEPS");
        if (!int.TryParse(steps, CultureInfo.InvariantCulture, out int count))
        {
            Assert.Ignore("A study of minutes: set FLOWRATIO_PRECISION_STEPS to the steps per training.");
        }

        Dictionary<ProductPrecision, double[]> errors = Precisions.ToDictionary(
            precision => precision,
            precision => (double[])[.. Seeds.Select(seed => Error(precision, (ulong)seed, count))]);
        Write(Environment.GetEnvironmentVariable("FLOWRATIO_PRECISION_JSON"), count, errors);
        double[] exact = errors[ProductPrecision.Fp32];
        double spread = exact.Max() - exact.Min();
        foreach ((ProductPrecision precision, double[] values) in errors)
        {
            string seeds = string.Join(" | ", values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture)));
            TestContext.Progress.WriteLine(FormattableString.Invariant($"| {precision} | {seeds} | {values.Average():F4} |"));
            Assert.That(Math.Abs(values.Average() - exact.Average()), Is.LessThan(spread), "means over the seeds against the seeds' spread");
        }
    }

    [Test]
    public void A_few_steps_in_every_precision_reach_nearly_the_same([ValueSource(nameof(Precisions))] ProductPrecision precision)
    {
        FlowModel exact = Train(ProductPrecision.Fp32, 1, 3), rounded = Train(precision, 1, 3);
        double difference = exact.Parameters.ToArray().Zip(rounded.Parameters.ToArray(), (a, b) => Math.Abs(a - (double)b)).Max();

        // Three steps of Adam move each weight by at most 3e-3, whatever the gradients; roundings may turn the sign of the smallest ones.
        Assert.That(difference, Is.LessThan(precision == ProductPrecision.Fp32 ? double.Epsilon : 6e-3));
    }

    private static void Write(string? path, int steps, Dictionary<ProductPrecision, double[]> errors)
    {
        if (path is not null)
        {
            var study = new
            {
                what = "mean squared error of S1 log-ratios with exact divergences, by the precision of products (emulated, sums of tensor cores cut off)",
                dimension = Dimension,
                shift = 1,
                steps,
                batch = Batch,
                points = Points,
                solverSteps = SolverSteps,
                seeds = Seeds,
                meanSquaredError = errors.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value),
            };
            WholeFile.Write(path, JsonSerializer.Serialize(study, Indented) + "\n");
        }
    }

    private static double Error(ProductPrecision precision, ulong seed, int steps)
    {
        FlowModel model = Train(precision, seed, steps);
        var task = new GaussianTask(Dimension, 1);
        float[] points = task.Sample(Points, true, 99, 1);
        using ComputeBackend backend = Backend(precision);
        using var estimator = new LogRatioEstimator(
            model, new EstimationOptions { Field = SimulatingField.Numerator, Divergence = DivergenceMethod.Exact, Steps = SolverSteps }, backend);
        IReadOnlyList<double> estimates = estimator.Estimate(points, model.Condition("p1"), model.Condition("p0")).Values;
        return estimates.Select((estimate, i) => Math.Pow(estimate - Truth(points.AsSpan(i * Dimension, Dimension)), 2)).Average();
    }

    private static double Truth(ReadOnlySpan<float> point)
    {
        double sum = -0.5 * Dimension;
        foreach (float x in point)
        {
            sum += x;
        }

        return sum;
    }

    private static FlowModel Train(ProductPrecision precision, ulong seed, int steps)
    {
        var task = new GaussianTask(Dimension, 1);
        TrainingSet data = TrainingSet.FromClasses(
            "distribution", Dimension, ("p0", task.Sample(5000, false, seed, 0)), ("p1", task.Sample(5000, true, seed, 0)));
        var options = new TrainingOptions
        {
            Network = new NetworkShape(Dimension, []) { HeadHidden = 32, DataHidden = 32, DataCode = 16, ConditionHidden = 16, ConditionCode = 8, TimeFeatures = 8 },
            Steps = steps,
            BatchSize = Batch,
            Seed = seed,
            LearningRate = LearningRateSchedule.Constant(1e-3),
            Base = BaseChoice.None,
            TargetReferences = 0,
            ValidationFraction = 0,
        };
        using ComputeBackend backend = Backend(precision);
        return FlowTrainer.Train(data, options, backend).Model;
    }

    private static DeviceBackend Backend(ProductPrecision precision) =>
        new(new EmulatedDevice(order: ThreadOrder.Ascending, products: new RoundedProducts(truncates: true)), precision);
}
