using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute;

/// <content>Training and integration of time scores d/dt log p_t(x).</content>
public abstract partial class ComputeBackend
{
    /// <summary>
    /// Samples a path between two densities: t uniform on [path.FirstTime, path.LastTime), eps ~ N(0, I),
    /// x_t = path.SourceCoefficient(t) x_0 + t x_1 + sqrt(path.NoiseVariance(t)) eps, the weight of the loss and its derivative, and, where
    /// wanted, sqrt(lambda) g with the conditional time score g = sum_j g_j of Yu et al. (2025),
    /// sqrt(lambda) g_j = path.NoiseTarget(t) (eps_j^2 - 1) + path.DisplacementTarget(t) eps_j delta_j, where delta = x_1 - x_0, or x_1 for
    /// the one-sided path. A function of (seed, step, row of the batch).
    /// </summary>
    /// <param name="path">Path and weight.</param>
    /// <param name="source">x_0, <c>[1; n, d]</c>; not read for a one-sided path.</param>
    /// <param name="target">x_1, <c>[1; n, d]</c>.</param>
    /// <param name="seed">Seed of times and noise.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="batch">Filled with n rows.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or targets are wanted with another weight than ObjectiveVariance.</exception>
    public void SampleTimeScorePath(
        TimeScorePath path, Matrix source, Matrix target, ulong seed, long step, TimeScoreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(target);
        RequireShape(source, nameof(source), 1, target.Rows, target.Columns);
        RequireShape(batch.Points, nameof(batch.Points), 1, target.Rows, target.Columns);
        RequireShape(batch.Times, nameof(batch.Times), 1, target.Rows, 1);
        RequireShape(batch.Weight, nameof(batch.Weight), 1, target.Rows, 1);
        RequireShape(batch.WeightSlope, nameof(batch.WeightSlope), 1, target.Rows, 1);
        RequireShape(batch.RootWeight, nameof(batch.RootWeight), 1, target.Rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Rows, PathSampler.LargestRows, nameof(target));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Columns, PathSampler.LargestDimension, nameof(target));
        if (batch.Target is { } wanted)
        {
            RequireShape(wanted, nameof(batch.Target), 1, target.Rows, wanted.Columns == 1 ? 1 : target.Columns);
            if (path.Weighting != TimeScoreWeighting.ObjectiveVariance)
            {
                throw new ArgumentException(
                    $"path has the weighting {path.Weighting}; targets are finite at the ends only with ObjectiveVariance.", nameof(path));
            }
        }

        SampleTimeScorePathCore(path, source, target, seed, step, batch);
    }

    /// <summary>
    /// Loss of time score matching (Choi et al., 2022), which by integration by parts needs no target:
    /// mean over rows of 2 lambda(t_0) s(x_0, t_0) - 2 lambda(t_1) s(x_1, t_1) + 2 lambda ds/dt + 2 lambda' s + lambda s^2, the last three
    /// at (x_t, t). Summed in float64 in a fixed order.
    /// </summary>
    /// <param name="output">
    /// Segment 0: s(x_t, t), 1: s(x_0, t_0), 2: s(x_1, t_1), 3: ds/dt(x_t, t); <c>[4; n, 1]</c>.
    /// </param>
    /// <param name="weight">lambda(t), <c>[1; n, 1]</c>.</param>
    /// <param name="weightSlope">lambda'(t), <c>[1; n, 1]</c>.</param>
    /// <param name="sourceWeight">lambda(t_0).</param>
    /// <param name="targetWeight">lambda(t_1).</param>
    /// <param name="series">The series of <paramref name="loss"/> that receives the loss.</param>
    /// <param name="loss">One row; the series is overwritten.</param>
    /// <param name="dOutput">Gradient, <c>[4; n, 1]</c>, overwritten.</param>
    public void TimeScoreLoss(
        Matrix output,
        Matrix weight,
        Matrix weightSlope,
        double sourceWeight,
        double targetWeight,
        int series,
        Accumulator loss,
        Matrix dOutput)
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireShape(output, nameof(output), 4, output.Rows, 1);
        RequireShape(weight, nameof(weight), 1, output.Rows, 1);
        RequireShape(weightSlope, nameof(weightSlope), 1, output.Rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        RequireShape(loss, nameof(loss), series + 1, 1);
        RequireShape(dOutput, nameof(dOutput), 4, output.Rows, 1);
        TimeScoreLossCore(output, weight, weightSlope, sourceWeight, targetWeight, series, loss, dOutput);
    }

    /// <summary>total_r += weight sum over columns of values[r], in float64: one node of a quadrature.</summary>
    /// <param name="values"><c>[1; n, columns]</c>.</param>
    /// <param name="weight">Weight of the node.</param>
    /// <param name="series">The series of <paramref name="total"/>.</param>
    /// <param name="total">Sums, n rows.</param>
    public void AddRowSums(Matrix values, double weight, int series, Accumulator total)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        RequireShape(total, nameof(total), series + 1, values.Rows);
        AddRowSumsCore(values, weight, series, total);
    }

    /// <inheritdoc cref="SampleTimeScorePath"/>
    protected abstract void SampleTimeScorePathCore(
        TimeScorePath path, Matrix source, Matrix target, ulong seed, long step, TimeScoreBatch batch);

    /// <inheritdoc cref="TimeScoreLoss"/>
    protected abstract void TimeScoreLossCore(
        Matrix output,
        Matrix weight,
        Matrix weightSlope,
        double sourceWeight,
        double targetWeight,
        int series,
        Accumulator loss,
        Matrix dOutput);

    /// <inheritdoc cref="AddRowSums"/>
    protected abstract void AddRowSumsCore(Matrix values, double weight, int series, Accumulator total);
}
