using System.Numerics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// The baseline: two log-densities, each along its own trajectory, and their difference. Both solves use the same probes for a
/// sample, so that as much probe noise as possible cancels.
/// </summary>
public sealed class NaiveLogRatioEstimator : IDisposable
{
    private readonly LogDensityEstimator numeratorDensity;
    private readonly LogDensityEstimator denominatorDensity;

    /// <summary>Prepares a trained model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Integration; null for the defaults. The field is not used.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed with the estimator.</param>
    public NaiveLogRatioEstimator(FlowModel model, EstimationOptions? options = null, ComputeBackend? backend = null)
        : this(options, () => new BoundModel(model, backend))
    {
    }

    /// <summary>Prepares any conditional flow.</summary>
    /// <param name="flow">The flow; the caller keeps ownership.</param>
    /// <param name="options">Integration; null for the defaults. The field is not used.</param>
    public NaiveLogRatioEstimator(ConditionalFlow flow, EstimationOptions? options = null)
        : this(options, () => new BoundModel(flow))
    {
    }

    private NaiveLogRatioEstimator(EstimationOptions? options, Func<BoundModel> bind)
    {
        options?.Validate();
        BoundModel model = bind();
        numeratorDensity = new LogDensityEstimator(model, options);
        denominatorDensity = new LogDensityEstimator(model, options);
    }

    /// <summary>Estimates log-ratios; parameters as in <see cref="LogRatioEstimator"/>.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominator">The condition below the line.</param>
    /// <param name="firstSample">Number of the first point (chooses its probes).</param>
    /// <param name="progress">Told after every chunk; both solves count.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    public EstimationResult Estimate<T>(
        ReadOnlySpan<T> points,
        Condition numerator,
        Condition denominator,
        int firstSample = 0,
        IProgress<EstimationProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        IReadOnlyList<int> covariates = numeratorDensity.Flow.Covariates;
        numerator.RequireFits(covariates, nameof(numerator));
        denominator.RequireFits(covariates, nameof(denominator));
        EstimationResult above = numeratorDensity.Estimate(
            points, numerator, firstSample, progress is null ? null : new HalfProgress(progress, 0), cancellation);
        EstimationResult below = denominatorDensity.Estimate(
            points, denominator, firstSample, progress is null ? null : new HalfProgress(progress, 1), cancellation);
        return EstimationResult.Difference(above, below);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Both share one bound model, whose disposal may be repeated.
        numeratorDensity.Dispose();
        denominatorDensity.Dispose();
    }

    private sealed class HalfProgress(IProgress<EstimationProgress> whole, int half) : IProgress<EstimationProgress>
    {
        public void Report(EstimationProgress value) =>
            whole.Report(new EstimationProgress((value.PointsDone + (half * value.PointsTotal)) / 2, value.PointsTotal));
    }
}
