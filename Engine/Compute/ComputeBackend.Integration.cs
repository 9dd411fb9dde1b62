using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Compute;

/// <content>Probes, log-density rates, and the vector operations of a Runge-Kutta step.</content>
public abstract partial class ComputeBackend
{
    /// <summary>Fills the probes of one stage: a function of (seed, sample number, probe number, stage) alone.</summary>
    /// <param name="sequence">Distribution and seed.</param>
    /// <param name="samples">Sample number of each row, n entries.</param>
    /// <param name="stages">Stage number of each row along its own trajectory, n entries.</param>
    /// <param name="probes"><c>[K; n, d]</c>, segment k holds probe k.</param>
    public void FillProbes(in ProbeSequence sequence, IndexBuffer samples, IndexBuffer stages, Matrix probes)
    {
        ArgumentNullException.ThrowIfNull(probes);
        RequireLength(samples, nameof(samples), probes.Rows);
        RequireLength(stages, nameof(stages), probes.Rows);
        FillProbesCore(sequence, samples, stages, probes);
    }

    /// <summary>Fills coordinate directions: segment k is the unit vector of coordinate <paramref name="first"/> + k in every row
    /// (zero where that is beyond the dimension).</summary>
    /// <param name="first">Coordinate of segment 0.</param>
    /// <param name="tangents"><c>[K; n, d]</c>.</param>
    public void FillUnitTangents(int first, Matrix tangents)
    {
        ArgumentNullException.ThrowIfNull(tangents);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        FillUnitTangentsCore(first, tangents);
    }

    /// <summary>Simulating field b = sum over conditions of weight_c u_c.</summary>
    /// <param name="velocity">Velocities, <c>[at least weights.Length; n, d]</c>.</param>
    /// <param name="weights">One weight per leading segment; zeros are skipped.</param>
    /// <param name="field">b, <c>[1; n, d]</c>.</param>
    public void MixVelocities(Matrix velocity, ReadOnlySpan<double> weights, Matrix field)
    {
        ArgumentNullException.ThrowIfNull(field);
        RequireShape(velocity, nameof(velocity), weights.Length, field.Rows, field.Columns);
        MixVelocitiesCore(velocity, weights, field);
    }

    /// <summary>
    /// Rate of log p_t(x(t) | c) along dx/dt = b for each tracked condition c: -div u_c + (b - u_c) . s_c
    /// (method: d log p / dt along any field). The dot products are summed in float64.
    /// </summary>
    /// <param name="velocity">u_c and its tangents J_c v, <c>[stack.Segments; n, d]</c>.</param>
    /// <param name="stack">Order of those segments; the tracked conditions are the first stack.TangentConditions.</param>
    /// <param name="score">Scores, or null when no condition needs one.</param>
    /// <param name="scoreSegments">For each tracked condition its segment in <paramref name="score"/>, or -1 where b = u_c.</param>
    /// <param name="field">b, <c>[1; n, d]</c>.</param>
    /// <param name="probes">v, <c>[stack.Probes; n, d]</c>.</param>
    /// <param name="reduction">
    /// PerProbe: series k stack.TangentConditions + c is the rate of condition c by probe k. Sum: series c uses the sum over all tangents.
    /// </param>
    /// <param name="mode">
    /// Accumulate adds to the rates (further chunks of an exact divergence, which then pass -1 for all scores: their terms are counted once).
    /// </param>
    /// <param name="rates">Nats per unit time.</param>
    /// <param name="knownDivergence">
    /// A part of div u_c that is known exactly and not in the tangents (a base flow's), series c for condition c; or null for none.
    /// </param>
    public void LogDensityRates(
        Matrix velocity,
        in StackLayout stack,
        Matrix? score,
        ReadOnlySpan<int> scoreSegments,
        Matrix field,
        Matrix probes,
        DivergenceReduction reduction,
        GradientMode mode,
        Accumulator rates,
        Accumulator? knownDivergence = null)
    {
        ArgumentNullException.ThrowIfNull(field);
        RequireShape(velocity, nameof(velocity), stack.Segments, field.Rows, field.Columns);
        RequireShape(probes, nameof(probes), stack.Probes, field.Rows, field.Columns);
        int series = reduction == DivergenceReduction.PerProbe ? stack.TangentSegments : stack.TangentConditions;
        RequireShape(rates, nameof(rates), series, field.Rows);
        if (scoreSegments.Length != stack.TangentConditions)
        {
            throw new ArgumentException(
                $"scoreSegments has {scoreSegments.Length} entries, expected {stack.TangentConditions}.", nameof(scoreSegments));
        }

        foreach (int segment in scoreSegments)
        {
            if (segment >= 0)
            {
                RequireShape(score!, nameof(score), segment + 1, field.Rows, field.Columns);
            }
        }

        if (knownDivergence is not null)
        {
            RequireShape(knownDivergence, nameof(knownDivergence), stack.TangentConditions, field.Rows);
        }

        LogDensityRatesCore(velocity, stack, score, scoreSegments, field, probes, reduction, mode, rates, knownDivergence);
    }

    /// <summary>Stage combination: output = x + sum_i coefficient_i k_i (terms added in the order given).</summary>
    /// <param name="x"><c>[1; n, d]</c>.</param>
    /// <param name="derivatives">k_i, each <c>[1; n, d]</c>; at least as many as coefficients.</param>
    /// <param name="coefficients">Step size times tableau coefficients; zeros are skipped.</param>
    /// <param name="output"><c>[1; n, d]</c>; may be <paramref name="x"/> itself.</param>
    public void Combine(Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Matrix output)
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireShape(x, nameof(x), 1, output.Rows, output.Columns);
        RequireDerivatives(derivatives, coefficients.Length, output);
        CombineCore(x, derivatives, coefficients, output);
    }

    /// <summary>total += weight rates, series by series.</summary>
    /// <param name="rates">Rates.</param>
    /// <param name="weight">Step size times stage weight.</param>
    /// <param name="total">Sums, same shape.</param>
    public void AddScaled(Accumulator rates, double weight, Accumulator total)
    {
        ArgumentNullException.ThrowIfNull(total);
        RequireShape(rates, nameof(rates), total.Series, total.Rows);
        AddScaledCore(rates, weight, total);
    }

    /// <summary>log N(x; 0, I) in nats, per row, summed in float64.</summary>
    /// <param name="points"><c>[1; n, d]</c>.</param>
    /// <param name="result">Series 0, overwritten.</param>
    public void StandardNormalLogDensity(Matrix points, Accumulator result)
    {
        ArgumentNullException.ThrowIfNull(points);
        RequireShape(result, nameof(result), 1, points.Rows);
        StandardNormalLogDensityCore(points, result);
    }

    /// <summary>Rows that are still 0 in <paramref name="status"/> and hold a non-finite value get <paramref name="mark"/>.</summary>
    /// <param name="points"><c>[1; n, d]</c>.</param>
    /// <param name="totals">Sums; all series are looked at.</param>
    /// <param name="mark">What to write, not 0.</param>
    /// <param name="status">n entries.</param>
    public void MarkNonFinite(Matrix points, Accumulator totals, int mark, IndexBuffer status)
    {
        ArgumentNullException.ThrowIfNull(points);
        RequireShape(totals, nameof(totals), 1, points.Rows);
        RequireLength(status, nameof(status), points.Rows);
        MarkNonFiniteCore(points, totals, mark, status);
    }

    /// <inheritdoc cref="FillProbes"/>
    protected abstract void FillProbesCore(
        in ProbeSequence sequence, IndexBuffer samples, IndexBuffer stages, Matrix probes);

    /// <inheritdoc cref="FillUnitTangents"/>
    protected abstract void FillUnitTangentsCore(int first, Matrix tangents);

    /// <inheritdoc cref="MixVelocities"/>
    protected abstract void MixVelocitiesCore(Matrix velocity, ReadOnlySpan<double> weights, Matrix field);

    /// <inheritdoc cref="LogDensityRates"/>
    protected abstract void LogDensityRatesCore(
        Matrix velocity,
        in StackLayout stack,
        Matrix? score,
        ReadOnlySpan<int> scoreSegments,
        Matrix field,
        Matrix probes,
        DivergenceReduction reduction,
        GradientMode mode,
        Accumulator rates,
        Accumulator? knownDivergence);

    /// <inheritdoc cref="Combine"/>
    protected abstract void CombineCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Matrix output);

    /// <inheritdoc cref="AddScaled"/>
    protected abstract void AddScaledCore(Accumulator rates, double weight, Accumulator total);

    /// <inheritdoc cref="StandardNormalLogDensity"/>
    protected abstract void StandardNormalLogDensityCore(Matrix points, Accumulator result);

    /// <inheritdoc cref="MarkNonFinite"/>
    protected abstract void MarkNonFiniteCore(Matrix points, Accumulator totals, int mark, IndexBuffer status);
}
