using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute;

/// <content>Operations with a step, a time or a destination per row: adaptive steps, compaction, quadrature, diagnostics.</content>
public abstract partial class ComputeBackend
{
    /// <summary>Stage combination with a step size per row: output_r = x_r + h_r sum_i coefficient_i k_i,r.</summary>
    /// <param name="x"><c>[1; n, d]</c>.</param>
    /// <param name="derivatives">k_i, each <c>[1; n, d]</c>; at least as many as coefficients.</param>
    /// <param name="coefficients">Tableau coefficients; zeros are skipped.</param>
    /// <param name="steps">h, series 0; not read where there are no coefficients.</param>
    /// <param name="output"><c>[1; n, d]</c>; may be <paramref name="x"/> itself.</param>
    public void CombineRows(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Accumulator steps, Matrix output)
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireShape(x, nameof(x), 1, output.Rows, output.Columns);
        RequireShape(steps, nameof(steps), 1, output.Rows);
        RequireDerivatives(derivatives, coefficients.Length, output);
        CombineRowsCore(x, derivatives, coefficients, steps, output);
    }

    /// <summary>
    /// Size of the embedded error per row: root mean square over coordinates of
    /// h sum_i coefficient_i k_i / (absolute + relative max(|x|, |next|)), summed in float64.
    /// </summary>
    /// <param name="x">State before the step, <c>[1; n, d]</c>.</param>
    /// <param name="next">State after the step, <c>[1; n, d]</c>.</param>
    /// <param name="derivatives">k_i, each <c>[1; n, d]</c>.</param>
    /// <param name="coefficients">Error weights of the tableau; zeros are skipped.</param>
    /// <param name="steps">h, series 0.</param>
    /// <param name="absolute">Absolute tolerance.</param>
    /// <param name="relative">Relative tolerance.</param>
    /// <param name="norms">Series 0, overwritten; at most 1 means within tolerance.</param>
    public void ErrorNorms(
        Matrix x,
        Matrix next,
        ReadOnlySpan<Matrix> derivatives,
        ReadOnlySpan<double> coefficients,
        Accumulator steps,
        double absolute,
        double relative,
        Accumulator norms)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireShape(next, nameof(next), 1, x.Rows, x.Columns);
        RequireDerivatives(derivatives, coefficients.Length, x);
        RequireShape(steps, nameof(steps), 1, x.Rows);
        RequireShape(norms, nameof(norms), 1, x.Rows);
        ErrorNormsCore(x, next, derivatives, coefficients, steps, absolute, relative, norms);
    }

    /// <summary>total[slot_r] += factor weight_r rates[r] for every series; rows of weight 0 are skipped, whatever their rates.</summary>
    /// <param name="rates">Rates, n rows.</param>
    /// <param name="weights">Weights, series 0, n rows.</param>
    /// <param name="factor">Common factor.</param>
    /// <param name="slots">Destination row of each row.</param>
    /// <param name="total">Sums; rows are added in ascending order of r.</param>
    public void AddScaledRows(Accumulator rates, Accumulator weights, double factor, IndexBuffer slots, Accumulator total)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(total);
        RequireShape(weights, nameof(weights), 1, rates.Rows);
        RequireLength(slots, nameof(slots), rates.Rows);
        RequireShape(rates, nameof(rates), total.Series, rates.Rows);
        AddScaledRowsCore(rates, weights, factor, slots, total);
    }

    /// <summary>Copies row r to row destinations[r] of another matrix; -1 skips the row. Rows that nobody writes keep their values.</summary>
    /// <param name="source"><c>[1; n, columns]</c>.</param>
    /// <param name="destinations">n entries in [-1, rows of the destination), no row twice.</param>
    /// <param name="destination"><c>[1; m, columns]</c>, another matrix.</param>
    public void StoreRows(Matrix source, IndexBuffer destinations, Matrix destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        RequireLength(destinations, nameof(destinations), source.Rows);
        RequireShape(destination, nameof(destination), 1, destination.Rows, source.Columns);
        StoreRowsCore(source, destinations, destination);
    }

    /// <summary><see cref="StoreRows"/> for float64 sums, all series.</summary>
    /// <param name="source">n rows.</param>
    /// <param name="destinations">n entries in [-1, rows of the destination), no row twice.</param>
    /// <param name="destination">Another accumulator of as many series.</param>
    public void StoreSums(Accumulator source, IndexBuffer destinations, Accumulator destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        RequireLength(destinations, nameof(destinations), source.Rows);
        RequireShape(destination, nameof(destination), source.Series, destination.Rows);
        StoreSumsCore(source, destinations, destination);
    }

    /// <summary>
    /// Keeps the largest disagreement between score and velocity: by the marginal identity c_t s = t u - x both imply a prediction
    /// of the noise, and their root-mean-square difference sigma_t / c_t |c_t s - (t u - x)| / sqrt d is small where the networks
    /// were trained. largest[slot_r] = max(largest[slot_r], value).
    /// </summary>
    /// <param name="schedule">Path schedule.</param>
    /// <param name="fields">x, t, u and s; times after schedule.LatestTime are taken as that.</param>
    /// <param name="slots">Destination row of each row.</param>
    /// <param name="largest">Series 0, updated.</param>
    public void TrackDisagreement(PathSchedule schedule, in MarginalFields fields, IndexBuffer slots, Accumulator largest)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(largest);
        RequireShapes(fields);
        RequireLength(slots, nameof(slots), fields.Rows);
        TrackDisagreementCore(schedule, fields, slots, largest);
    }

    /// <summary>
    /// Takes a part of each score from the velocity, by the marginal identity c_t s = t u - x: score = (1 - w_t) score + w_t (t u - x) / c_t.
    /// </summary>
    /// <param name="schedule">Path schedule.</param>
    /// <param name="blend">w_t.</param>
    /// <param name="fields">x, t, u and s, whose segment is changed.</param>
    public void BlendScore(PathSchedule schedule, ScoreBlend blend, in MarginalFields fields)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        RequireShapes(fields);
        BlendScoreCore(schedule, blend, fields);
    }

    /// <inheritdoc cref="CombineRows"/>
    protected abstract void CombineRowsCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Accumulator steps, Matrix output);

    /// <inheritdoc cref="ErrorNorms"/>
    protected abstract void ErrorNormsCore(
        Matrix x,
        Matrix next,
        ReadOnlySpan<Matrix> derivatives,
        ReadOnlySpan<double> coefficients,
        Accumulator steps,
        double absolute,
        double relative,
        Accumulator norms);

    /// <inheritdoc cref="AddScaledRows"/>
    protected abstract void AddScaledRowsCore(
        Accumulator rates, Accumulator weights, double factor, IndexBuffer slots, Accumulator total);

    /// <inheritdoc cref="StoreRows"/>
    protected abstract void StoreRowsCore(Matrix source, IndexBuffer destinations, Matrix destination);

    /// <inheritdoc cref="StoreSums"/>
    protected abstract void StoreSumsCore(Accumulator source, IndexBuffer destinations, Accumulator destination);

    /// <inheritdoc cref="TrackDisagreement"/>
    protected abstract void TrackDisagreementCore(PathSchedule schedule, in MarginalFields fields, IndexBuffer slots, Accumulator largest);

    /// <inheritdoc cref="BlendScore"/>
    protected abstract void BlendScoreCore(PathSchedule schedule, ScoreBlend blend, in MarginalFields fields);

    private static void RequireShapes(in MarginalFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields.Points, nameof(fields));
        ArgumentNullException.ThrowIfNull(fields.Times, nameof(fields));
        RequireShape(fields.Times, nameof(fields.Times), 1, fields.TimePerRow ? fields.Rows : 1, 1);
        RequireShape(fields.Velocity, nameof(fields.Velocity), fields.VelocitySegment + 1, fields.Rows, fields.Columns);
        RequireShape(fields.Score, nameof(fields.Score), fields.ScoreSegment + 1, fields.Rows, fields.Columns);
    }

    private static void RequireDerivatives(ReadOnlySpan<Matrix> derivatives, int count, Matrix like)
    {
        if (derivatives.Length < count)
        {
            throw new ArgumentException(
                $"derivatives has {derivatives.Length} matrices for {count} coefficients.", nameof(derivatives));
        }

        for (int i = 0; i < count; i++)
        {
            RequireShape(derivatives[i], nameof(derivatives), 1, like.Rows, like.Columns);
        }
    }
}
