using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Points keep their results in any order and subset when they keep their numbers; parameters may change between estimates.</summary>
public sealed class SampleNumberTests
{
    private const int Dimension = 5;
    private static readonly Condition A = new(0);
    private static readonly Condition B = new(1);
    private readonly VelocityScoreNetwork network = new(new NetworkShape(Dimension, [2]) { HeadHidden = 24, DataHidden = 16 });

    [Test]
    public void Any_subset_in_any_order_keeps_its_bits([Values] bool adaptive)
    {
        using var backend = new CpuBackend(threads: 2);
        using ParameterBuffer parameters = Parameters(backend, 1);
        var options = new EstimationOptions
        {
            Steps = 4,
            ChunkRows = 16,
            Adaptive = adaptive ? new(1e-3, 1e-3) : null,
        };
        using var estimator = new LogRatioEstimator(new NetworkFlow(backend, network, parameters, PathSchedule.Deterministic), options);
        float[] points = new RandomData(3).Normal(50 * Dimension);
        EstimationResult all = estimator.Estimate(points, A, B);
        int[] chosen = [41, 3, 17, 49, 0, 18];
        float[] some = [.. chosen.SelectMany(i => points[(i * Dimension)..((i + 1) * Dimension)])];
        EstimationResult subset = estimator.Estimate(some, A, B, chosen);
        ErrorBound.CheckBits("subset", [.. chosen.Select(i => all.Values[i])], [.. subset.Values]);
    }

    [Test]
    public void Numbers_must_be_as_many_as_points_and_not_negative()
    {
        using var backend = new CpuBackend(threads: 1);
        using ParameterBuffer parameters = Parameters(backend, 1);
        using var estimator = new LogRatioEstimator(new NetworkFlow(backend, network, parameters));
        float[] points = new float[2 * Dimension];
        Assert.That(() => estimator.Estimate(points, A, B, [1]), Throws.ArgumentException.With.Message.Contains("1 numbers for 2 points"));
        Assert.That(() => estimator.Estimate(points, A, B, [1, -4]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("-4"));
    }

    [Test]
    public void Changed_parameters_change_everything_that_was_derived_from_them()
    {
        using var backend = new CpuBackend(threads: 1);
        using ParameterBuffer parameters = Parameters(backend, 1);
        using var estimator = new LogRatioEstimator(new NetworkFlow(backend, network, parameters));
        float[] points = new RandomData(4).Normal(9 * Dimension);
        estimator.Estimate(points, A, B);
        parameters.Write<float>(network.Initialize(2));
        EstimationResult changed = estimator.Estimate(points, A, B);
        using var fresh = new LogRatioEstimator(new NetworkFlow(backend, network, parameters));
        ErrorBound.CheckBits("changed parameters", [.. fresh.Estimate(points, A, B).Values], [.. changed.Values]);
    }

    private ParameterBuffer Parameters(ComputeBackend backend, ulong seed)
    {
        ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(seed));
        return parameters;
    }
}
