using System.Numerics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// Estimates log p(x | c) in nats by the instantaneous change of variables along the condition's own trajectory
/// (Chen et al., "Neural ordinary differential equations", 2018): log N(x(0); 0, I) - integral of div u_c.
/// </summary>
public sealed class LogDensityEstimator : TrajectoryEstimator
{
    /// <summary>Prepares a trained model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Integration; null for the defaults. The field is not used.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed with the estimator.</param>
    public LogDensityEstimator(FlowModel model, EstimationOptions? options = null, ComputeBackend? backend = null)
        : base(options, () => new BoundModel(model, backend))
    {
    }

    /// <summary>Prepares any conditional flow.</summary>
    /// <param name="flow">The flow; the caller keeps ownership.</param>
    /// <param name="options">Integration; null for the defaults. The field is not used.</param>
    public LogDensityEstimator(ConditionalFlow flow, EstimationOptions? options = null)
        : base(options, () => new BoundModel(flow))
    {
    }

    /// <summary>Shares a bound model with another estimator.</summary>
    internal LogDensityEstimator(BoundModel model, EstimationOptions? options)
        : base(options, () => model)
    {
    }

    /// <summary>Estimates log-densities with respect to the units of the training data.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="firstSample">Number of the first point (chooses its probes).</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <exception cref="ArgumentException">Points are missing, misshapen or not finite, or the condition is unknown.</exception>
    public EstimationResult Estimate<T>(
        ReadOnlySpan<T> points,
        Condition condition,
        int firstSample = 0,
        IProgress<EstimationProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        TrackedDensities densities = Densities(condition);
        float[] places = Places(points);
        return Run(places, densities, 1, ConsecutiveSamples(places, firstSample), ReadDensity, progress, cancellation)[0];
    }

    /// <summary>Estimates log-densities of points with given sample numbers, so that any subset in any order keeps its probes.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="samples">Number of each point, not negative.</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <exception cref="ArgumentException">As for the other overload, or not one number per point.</exception>
    public EstimationResult Estimate<T>(
        ReadOnlySpan<T> points,
        Condition condition,
        ReadOnlySpan<int> samples,
        IProgress<EstimationProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        TrackedDensities densities = Densities(condition);
        float[] places = Places(points);
        return Run(places, densities, 1, RequireSamples(places, samples), ReadDensity, progress, cancellation)[0];
    }

    /// <summary>Bits per dimension of a log-density: -log p / (d ln 2), the coding cost of a continuous value at unit precision.</summary>
    /// <param name="logDensity">log p in nats.</param>
    public double BitsPerDimension(double logDensity) => -logDensity / (Flow.Dimension * Math.Log(2));

    private TrackedDensities Densities(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        condition.RequireFits(Flow.Covariates, nameof(condition));
        return new TrackedDensities([condition], [(condition, 1)], UsesOptionsField: false, NeedsSource: true);
    }

    private void ReadDensity(TrajectoryBatch batch, int output, int probe, Span<double> values)
    {
        batch.Integral(0, probe).CopyTo(values);
        double jacobian = Standardization?.LogJacobian ?? 0;
        ReadOnlySpan<double> source = batch.SourceLogDensity();
        for (int r = 0; r < values.Length; r++)
        {
            values[r] += source[r] + jacobian;
        }
    }
}
