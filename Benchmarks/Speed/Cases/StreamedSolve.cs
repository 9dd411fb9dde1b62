using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>
/// Log-ratios of many points, a block after the other as they would come from a file, with the block's sample numbers; the points of all
/// blocks are the same, so that making them costs no time.
/// </summary>
internal sealed class StreamedSolve : ISpeedCase
{
    private readonly LogRatioEstimator estimator;
    private readonly float[] block;
    private readonly int points;

    /// <summary>Prepares the solve.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="width">Width of the heads.</param>
    /// <param name="points">Points in all.</param>
    /// <param name="pointsPerBlock">Points that are in memory at a time.</param>
    /// <param name="field">The simulating field.</param>
    /// <param name="steps">Solver steps.</param>
    public StreamedSolve(ComputeBackend backend, int width, int points, int pointsPerBlock, SimulatingField field, int steps)
    {
        estimator = new LogRatioEstimator(SpeedNetwork.CreateModel(width), new EstimationOptions { Field = field, Steps = steps }, backend);
        block = SpeedNetwork.Normal(Math.Min(points, pointsPerBlock), SpeedNetwork.Dimension, 2);
        this.points = points;
    }

    /// <inheritdoc/>
    public SpeedWork Work => default;

    /// <inheritdoc/>
    public void Run()
    {
        int perBlock = block.Length / SpeedNetwork.Dimension;
        for (int first = 0; first < points; first += perBlock)
        {
            int count = Math.Min(perBlock, points - first);
            estimator.Estimate(block.AsSpan(0, count * SpeedNetwork.Dimension), SpeedNetwork.Numerator, SpeedNetwork.Denominator, first);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => estimator.Dispose();
}
