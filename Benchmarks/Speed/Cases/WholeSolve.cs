using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>Log-ratios of a set of points with the default options, from host array to host array.</summary>
internal sealed class WholeSolve : ISpeedCase
{
    private readonly LogRatioEstimator estimator;
    private readonly float[] points;

    /// <summary>Prepares the solve of so many points.</summary>
    public WholeSolve(ComputeBackend backend, int width, int points)
    {
        FlowModel model = SpeedNetwork.CreateModel(width);
        estimator = new LogRatioEstimator(model, null, backend);
        this.points = SpeedNetwork.Normal(points, SpeedNetwork.Dimension, 2);
    }

    /// <inheritdoc/>
    public SpeedWork Work => default;

    /// <inheritdoc/>
    public void Run() => estimator.Estimate(points, SpeedNetwork.Numerator, SpeedNetwork.Denominator);

    /// <inheritdoc/>
    public void Dispose() => estimator.Dispose();
}
