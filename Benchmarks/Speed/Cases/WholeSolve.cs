using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>Log-ratios of a set of points with the default options, from host array to host array.</summary>
internal sealed class WholeSolve : ISpeedCase
{
    private readonly LogRatioEstimator? estimator;
    private readonly NaiveLogRatioEstimator? naive;
    private readonly float[] points;

    /// <summary>Prepares the solve of so many points along the default field.</summary>
    public WholeSolve(ComputeBackend backend, int width, int points)
        : this(backend, width, points, new EstimationOptions().Field)
    {
    }

    /// <summary>Prepares the solve of so many points.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="width">Width of the heads.</param>
    /// <param name="points">Number of points.</param>
    /// <param name="field">The simulating field; null for the naive baseline.</param>
    /// <param name="steps">Solver steps, or null for the default.</param>
    public WholeSolve(ComputeBackend backend, int width, int points, SimulatingField? field, int? steps = null)
    {
        FlowModel model = SpeedNetwork.CreateModel(width);
        var options = new EstimationOptions();
        options = options with { Field = field ?? options.Field, Steps = steps ?? options.Steps };
        estimator = field is null ? null : new LogRatioEstimator(model, options, backend);
        naive = field is null ? new NaiveLogRatioEstimator(model, options, backend) : null;
        this.points = SpeedNetwork.Normal(points, SpeedNetwork.Dimension, 2);
    }

    /// <inheritdoc/>
    public SpeedWork Work => default;

    /// <inheritdoc/>
    public void Run()
    {
        estimator?.Estimate(points, SpeedNetwork.Numerator, SpeedNetwork.Denominator);
        naive?.Estimate(points, SpeedNetwork.Numerator, SpeedNetwork.Denominator);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        estimator?.Dispose();
        naive?.Dispose();
    }
}
