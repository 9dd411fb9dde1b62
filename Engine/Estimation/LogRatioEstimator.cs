using System.Numerics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// Estimates log p(x | numerator) - log p(x | denominator) in nats by tracking it along one trajectory from the point to the noise
/// (method: "Flow-Based Density Ratio Estimation for Intractable Distributions with Applications in Genomics", arXiv 2602.24201).
/// </summary>
/// <example>
/// <code>
/// using var estimator = new LogRatioEstimator(model);
/// var result = estimator.Estimate(points, model.Condition("treated"), model.Condition("control"));
/// </code>
/// </example>
public sealed class LogRatioEstimator : TrajectoryEstimator
{
    /// <summary>Prepares a trained model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Integration; null for the defaults.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed with the estimator.</param>
    public LogRatioEstimator(FlowModel model, EstimationOptions? options = null, ComputeBackend? backend = null)
        : base(options, () => new BoundModel(model, backend))
    {
    }

    /// <summary>Prepares any conditional flow.</summary>
    /// <param name="flow">The flow; the caller keeps ownership.</param>
    /// <param name="options">Integration; null for the defaults.</param>
    public LogRatioEstimator(ConditionalFlow flow, EstimationOptions? options = null)
        : base(options, () => new BoundModel(flow))
    {
    }

    /// <summary>Estimates log-ratios.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[n, d]</c>, in the units of the training data.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominator">The condition below the line.</param>
    /// <param name="firstSample">Number of the first point: probes are chosen by sample number, so a batch can be split anywhere.</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <exception cref="ArgumentException">Points are missing, misshapen or not finite, or a condition is unknown.</exception>
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
        TrackedDensities densities = Densities(numerator, [denominator], nameof(denominator));
        float[] places = Places(points);
        return Run(places, densities, 1, ConsecutiveSamples(places, firstSample), ReadRatio, progress, cancellation)[0];
    }

    /// <summary>Estimates log-ratios of points with given sample numbers, so that any subset in any order keeps its probes.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[n, d]</c>, in the units of the training data.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominator">The condition below the line.</param>
    /// <param name="samples">Number of each point, not negative.</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <exception cref="ArgumentException">As for the other overload, or not one number per point.</exception>
    public EstimationResult Estimate<T>(
        ReadOnlySpan<T> points,
        Condition numerator,
        Condition denominator,
        ReadOnlySpan<int> samples,
        IProgress<EstimationProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        TrackedDensities densities = Densities(numerator, [denominator], nameof(denominator));
        float[] places = Places(points);
        return Run(places, densities, 1, RequireSamples(places, samples), ReadRatio, progress, cancellation)[0];
    }

    /// <summary>
    /// Estimates log-ratios of one numerator against several denominators in one solve: trajectory, encoder and probes are shared.
    /// </summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[n, d]</c>, in the units of the training data.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominators">The conditions below the line, at least one.</param>
    /// <param name="firstSample">Number of the first point (chooses its probes).</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <returns>One result per denominator.</returns>
    /// <exception cref="ArgumentException">Points are missing, misshapen or not finite, or a condition is unknown.</exception>
    public IReadOnlyList<EstimationResult> EstimateTable<T>(
        ReadOnlySpan<T> points,
        Condition numerator,
        IReadOnlyList<Condition> denominators,
        int firstSample = 0,
        IProgress<EstimationProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominators);
        ArgumentOutOfRangeException.ThrowIfZero(denominators.Count, nameof(denominators));
        TrackedDensities densities = Densities(numerator, denominators);
        float[] places = Places(points);
        return Run(places, densities, denominators.Count, ConsecutiveSamples(places, firstSample), ReadRatio, progress, cancellation);
    }

    private TrackedDensities Densities(
        Condition numerator, IReadOnlyList<Condition> denominators, string denominatorName = "denominators")
    {
        numerator.RequireFits(Flow.Covariates, nameof(numerator));
        foreach (Condition denominator in denominators)
        {
            ArgumentNullException.ThrowIfNull(denominator, denominatorName);
            denominator.RequireFits(Flow.Covariates, denominatorName);
        }

        Condition[] tracked = [numerator, .. denominators];
        IReadOnlyList<(Condition Condition, double Weight)> field = Options.Field.Terms(Flow.Covariates.Count, tracked);
        foreach ((Condition condition, _) in field)
        {
            condition.RequireFits(Flow.Covariates, nameof(Options.Field));
        }

        return new TrackedDensities(tracked, field, UsesOptionsField: true, NeedsSource: false);
    }

    private static void ReadRatio(TrajectoryBatch batch, int output, int probe, Span<double> values)
    {
        batch.Integral(0, probe).CopyTo(values);
        ReadOnlySpan<double> denominator = batch.Integral(1 + output, probe);
        for (int r = 0; r < values.Length; r++)
        {
            values[r] -= denominator[r];
        }
    }
}
