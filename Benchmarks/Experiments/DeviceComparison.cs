using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The same training steps and the same solve on two backends. Batches, times and noise are the same numbers on both, so losses differ by
/// roundings alone; these grow from step to step, because Adam divides by the root of small second moments.
/// </summary>
/// <param name="Dimension">Dimension d of the Gaussian task.</param>
/// <param name="Width">Width of the heads.</param>
/// <param name="Batch">Rows per step.</param>
/// <param name="Steps">Training steps.</param>
/// <param name="Points">Points of the solve.</param>
internal sealed record DeviceComparison(int Dimension, int Width, int Batch, int Steps, int Points)
{
    /// <summary>Bound of |loss difference| / loss at every step.</summary>
    public const double LossBound = 1e-3;

    /// <summary>Bound of a log-ratio's difference in nats, per nat of the largest one (at least 1).</summary>
    public const double RatioBound = 1e-3;

    private const double LearningRate = 5e-4;
    private const ulong Seed = 1;
    private readonly GaussianTask task = new(Dimension, 1);

    /// <summary>Trains on a backend.</summary>
    /// <param name="backend">Where.</param>
    /// <returns>Loss of every step, the parameters afterwards, seconds.</returns>
    public (double[] Losses, float[] Parameters, double Seconds) Train(ComputeBackend backend)
    {
        TrainingSet data = TrainingSet.FromClasses(
            "distribution",
            Dimension,
            ("p0", task.Sample(8 * Batch, false, Seed, 0)),
            ("p1", task.Sample(8 * Batch, true, Seed, 0)));
        var network = new VelocityScoreNetwork(Shape);
        using var objective = new FlowMatchingObjective(backend, network, data, PathSchedule.Deterministic, [0.1], Batch, Seed);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(Seed));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using RepeatedWork repeated = backend.CreateRepeatedWork();
        double[] losses = new double[Steps];
        var clock = Stopwatch.StartNew();
        for (int step = 0; step < Steps; step++)
        {
            repeated.Begin();
            objective.Forward(parameters, step);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, LearningRate);
            repeated.End();
            losses[step] = objective.Loss.Total;
        }

        float[] trained = new float[network.ParameterCount];
        parameters.Read<float>(trained);
        return (losses, trained, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Estimates log-ratios by given parameters on a backend.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="parameters">Parameters, the same for all backends that are compared.</param>
    /// <returns>Log-ratios in nats, seconds.</returns>
    public (IReadOnlyList<double> Ratios, double Seconds) Solve(ComputeBackend backend, float[] parameters)
    {
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("distribution", ["p0", "p1"]));
        var model = new FlowModel(Shape, parameters, PathSchedule.Deterministic, vocabulary);
        using var estimator = new LogRatioEstimator(model, null, backend);
        float[] points = task.Sample(Points, true, Seed, 1);
        var clock = Stopwatch.StartNew();
        EstimationResult result = estimator.Estimate(points, model.Condition("p1"), model.Condition("p0"));
        return (result.Values, clock.Elapsed.TotalSeconds);
    }

    private NetworkShape Shape => new(Dimension, [2]) { HeadHidden = Width };
}
