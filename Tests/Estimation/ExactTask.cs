using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>What the tests of the estimators share: Gaussians with full covariances in six dimensions, and networks with random weights.</summary>
internal static class ExactTask
{
    public const int Dimension = 6;

    public static readonly Condition First = new(0), Second = new(1), Third = new(2), Empty = new(Condition.Dropped);

    public static readonly PathSchedule[] Schedules =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5)];

    public static readonly SimulatingField[] Fields =
        [SimulatingField.Numerator, SimulatingField.Unconditional, SimulatingField.Midpoint];

    /// <summary>Three random Gaussians, half a standard deviation apart per coordinate.</summary>
    public static GaussianDistribution[] Targets(ulong seed = 1, int dimension = Dimension) =>
        [.. Enumerable.Range(0, 3).Select(i => GaussianDistribution.Random(dimension, (10 * seed) + (ulong)i, 0.5))];

    public static GaussianFlow Flow(ComputeBackend backend, PathSchedule schedule, ulong seed = 1, int dimension = Dimension) =>
        new(backend, schedule, Targets(seed, dimension));

    /// <summary>Samples of a condition at t = 1.</summary>
    public static float[] Points(GaussianFlow flow, Condition condition, int count, ulong seed = 5) =>
        flow.Target(condition).Smooth(flow.Schedule.SigmaSquared(1)).Sample(count, seed);

    public static double Error(IEnumerable<double> expected, EstimationResult result) =>
        ConvergenceOrder.RootMeanSquare(expected, result.Values);

    /// <summary>A network with random weights: no density that anybody knows, but smooth fields of every kind.</summary>
    public static FlowModel Model(int[] covariates, Standardization? standardization = null, ulong seed = 3)
    {
        var shape = new NetworkShape(5, covariates)
        {
            DataHidden = 16, DataCode = 8, ConditionHidden = 8, ConditionCode = 4, TimeFeatures = 8, HeadHidden = 24, HeadLayers = 2,
        };

        // Twice the usual initial weights: fields that bend, so that steps differ between points.
        float[] parameters = [.. new VelocityScoreNetwork(shape).Initialize(seed).Select(value => 2 * value)];
        var vocabulary = new ConditionVocabulary(
            [.. covariates.Select((count, i) => new CovariateVocabulary(
                $"covariate {i}", [.. Enumerable.Range(0, count).Select(category => $"category {category}")]))]);
        return new FlowModel(shape, parameters, PathSchedule.NoiseAtData(0.1), vocabulary, standardization);
    }

    /// <summary>Everything that a result says about its points: values, errors, disagreements, records.</summary>
    public static IEnumerable<(double Value, double? Error, double? Disagreement, object Record)> Rows(EstimationResult result) =>
        result.Values.Select((value, i) => (
            value, result.StandardErrors?[i], result.Disagreements?[i], (object)result.Trajectories[i]));
}
