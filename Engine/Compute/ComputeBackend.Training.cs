using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute;

/// <content>Batches, path samples, the loss, and the optimiser.</content>
public abstract partial class ComputeBackend
{
    /// <summary>Weights of <see cref="AverageTargets"/> that count as zero, as a share of the largest.</summary>
    public const float SmallestTargetWeight = 1e-6f;

    /// <summary>
    /// Row numbers of a batch. Epochs are keyed permutations of [0, population): entry i is position step n + i of the endless
    /// sequence of epochs, a function of (seed, step, i) alone.
    /// </summary>
    /// <param name="population">Rows to choose from.</param>
    /// <param name="seed">Seed of the shuffles.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="rows">n entries, overwritten.</param>
    public void SelectRows(int population, ulong seed, long step, IndexBuffer rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentNullException.ThrowIfNull(rows);
        SelectRowsCore(population, seed, step, rows);
    }

    /// <summary>Categories of the batch's rows; each is dropped (-1) with the given probability, independently per row.</summary>
    /// <param name="categories">Category of every row of the data set, or -1.</param>
    /// <param name="rows">The batch's n rows.</param>
    /// <param name="dropProbability">Probability of "no condition", in [0, 1].</param>
    /// <param name="covariate">Number of the covariate (its own random stream).</param>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="selected">n entries, overwritten.</param>
    public void SelectConditions(
        IndexBuffer categories, IndexBuffer rows, double dropProbability, int covariate, ulong seed, long step, IndexBuffer selected)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(rows);
        RequireLength(selected, nameof(selected), rows.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(dropProbability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dropProbability, 1);
        SelectConditionsCore(categories, rows, dropProbability, covariate, seed, step, selected);
    }

    /// <summary>
    /// Samples the path: t uniform on [0, schedule.LatestTime), eps ~ N(0, I), x_t = t x_1 + sigma_t eps, with targets
    /// u* = x_1 + sigma' eps, -(sigma - t sigma') eps and the score's factor c_t. A function of (seed, step, row of the batch).
    /// Mirrored, rows 2k and 2k + 1 share t and have noise of opposite sign (antithetic variates), each with its own x_1.
    /// </summary>
    /// <param name="schedule">The path schedule.</param>
    /// <param name="data">x_1, the whole data set <c>[1; N, d]</c>.</param>
    /// <param name="rows">The batch's n rows.</param>
    /// <param name="seed">Seed of times and noise.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="mirrored">Whether rows are paired (<see cref="PathSampler.NoiseRow"/>).</param>
    /// <param name="batch">Filled with n rows.</param>
    public void SamplePath(PathSchedule schedule, Matrix data, IndexBuffer rows, ulong seed, long step, bool mirrored, PathBatch batch)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(data);
        RequireShape(data, nameof(data), 1, data.Rows, batch.Points.Columns);
        RequireLength(rows, nameof(rows), batch.Points.Rows);
        SamplePathCore(schedule, data, rows, seed, step, mirrored, batch);
    }

    /// <summary>
    /// Replaces the targets of a batch by their means given x_t and the rows that could have led to it: x_1 by the mean of the own x_1 and the references
    /// of the same group, weighted by exp(-|x_t - t x_i|^2 / (2 sigma^2)) (Xu, Tong, Jaakkola, "Stable target field for reduced variance
    /// score estimation in diffusion models", 2023). The own row counts as one of them, once: a reference that is the row itself (the same
    /// number in the data) has no weight. So the mean over batches does not change while the variance falls. With
    /// delta = x_1 - mean and a = c_t / sigma^2: u* falls by a delta, the score's target by t a delta. Weights below 1e-6 of the largest count as zero.
    /// </summary>
    /// <param name="schedule">The path schedule.</param>
    /// <param name="data">x_1, the whole data set <c>[1; N, d]</c>.</param>
    /// <param name="rows">The batch's n rows.</param>
    /// <param name="groups">Group of each of them (distributions whose rows must not mix).</param>
    /// <param name="references">m rows of the data set.</param>
    /// <param name="referenceGroups">Their groups.</param>
    /// <param name="batch">What <see cref="SamplePath"/> filled; its targets are changed.</param>
    public void AverageTargets(
        PathSchedule schedule,
        Matrix data,
        IndexBuffer rows,
        IndexBuffer groups,
        IndexBuffer references,
        IndexBuffer referenceGroups,
        PathBatch batch)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(references);
        RequireShape(data, nameof(data), 1, data.Rows, batch.Points.Columns);
        RequireLength(rows, nameof(rows), batch.Points.Rows);
        RequireLength(groups, nameof(groups), batch.Points.Rows);
        RequireLength(referenceGroups, nameof(referenceGroups), references.Length);
        AverageTargetsCore(schedule, data, rows, groups, references, referenceGroups, batch);
    }

    /// <summary>
    /// Weighted squared error: loss = mean over rows and columns of (w_r y - target)^2, gradient
    /// dY = 2 w_r (w_r y - target) / (n d). The loss is summed in float64 in a fixed order.
    /// </summary>
    /// <param name="prediction">y, <c>[1; n, d]</c>.</param>
    /// <param name="target"><c>[1; n, d]</c>.</param>
    /// <param name="rowWeight">w, <c>[1; n, 1]</c>, or null for 1.</param>
    /// <param name="series">The series of <paramref name="loss"/> that receives the loss.</param>
    /// <param name="loss">One row; the series is overwritten.</param>
    /// <param name="dPrediction"><c>[1; n, d]</c>, overwritten.</param>
    public void SquaredError(
        Matrix prediction, Matrix target, Matrix? rowWeight, int series, Accumulator loss, Matrix dPrediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        RequireShape(target, nameof(target), 1, prediction.Rows, prediction.Columns);
        RequireShape(dPrediction, nameof(dPrediction), 1, prediction.Rows, prediction.Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        RequireShape(loss, nameof(loss), series + 1, 1);
        if (rowWeight is not null)
        {
            RequireShape(rowWeight, nameof(rowWeight), 1, prediction.Rows, 1);
        }

        SquaredErrorCore(prediction, target, rowWeight, series, loss, dPrediction);
    }

    /// <summary>One Adam step over flat buffers of equal length.</summary>
    /// <param name="parameters">Updated in place.</param>
    /// <param name="gradients">Gradients.</param>
    /// <param name="firstMoment">Updated in place.</param>
    /// <param name="secondMoment">Updated in place.</param>
    /// <param name="step">The step's constants.</param>
    public void Adam(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step)
    {
        RequireAdam(parameters, gradients, firstMoment, secondMoment);
        AdamCore(parameters, gradients, firstMoment, secondMoment, step);
    }

    /// <summary><see cref="Adam"/> and then <see cref="AverageParameters"/>, to the same bits, in one pass over the parameters.</summary>
    /// <param name="parameters">Updated in place.</param>
    /// <param name="gradients">Gradients.</param>
    /// <param name="firstMoment">Updated in place.</param>
    /// <param name="secondMoment">Updated in place.</param>
    /// <param name="step">The step's constants.</param>
    /// <param name="decay">The average's decay in [0, 1); 0 copies.</param>
    /// <param name="average">Average of the parameters, updated in place.</param>
    public void AdamAndAverage(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step,
        double decay,
        ParameterBuffer average)
    {
        RequireAdam(parameters, gradients, firstMoment, secondMoment);
        RequireSameLength(parameters, average, nameof(average));
        RequireDecay(decay);
        AdamAndAverageCore(parameters, gradients, firstMoment, secondMoment, step, decay, average);
    }

    /// <summary>Exponential average of weights: average = decay average + (1 - decay) parameters.</summary>
    /// <param name="parameters">The current weights.</param>
    /// <param name="decay">In [0, 1); 0 copies.</param>
    /// <param name="average">Updated in place.</param>
    public void AverageParameters(ParameterBuffer parameters, double decay, ParameterBuffer average)
    {
        ArgumentNullException.ThrowIfNull(average);
        RequireSameLength(average, parameters, nameof(parameters));
        RequireDecay(decay);
        AverageParametersCore(parameters, decay, average);
    }

    /// <inheritdoc cref="SelectRows"/>
    protected abstract void SelectRowsCore(int population, ulong seed, long step, IndexBuffer rows);

    /// <inheritdoc cref="SelectConditions"/>
    protected abstract void SelectConditionsCore(
        IndexBuffer categories, IndexBuffer rows, double dropProbability, int covariate, ulong seed, long step, IndexBuffer selected);

    /// <inheritdoc cref="SamplePath"/>
    protected abstract void SamplePathCore(
        PathSchedule schedule, Matrix data, IndexBuffer rows, ulong seed, long step, bool mirrored, PathBatch batch);

    /// <inheritdoc cref="AverageTargets"/>
    protected abstract void AverageTargetsCore(
        PathSchedule schedule,
        Matrix data,
        IndexBuffer rows,
        IndexBuffer groups,
        IndexBuffer references,
        IndexBuffer referenceGroups,
        PathBatch batch);

    /// <inheritdoc cref="SquaredError"/>
    protected abstract void SquaredErrorCore(
        Matrix prediction, Matrix target, Matrix? rowWeight, int series, Accumulator loss, Matrix dPrediction);

    /// <inheritdoc cref="Adam"/>
    protected abstract void AdamCore(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step);

    /// <inheritdoc cref="AdamAndAverage"/>
    protected virtual void AdamAndAverageCore(
        ParameterBuffer parameters,
        ParameterBuffer gradients,
        ParameterBuffer firstMoment,
        ParameterBuffer secondMoment,
        in AdamStep step,
        double decay,
        ParameterBuffer average)
    {
        AdamCore(parameters, gradients, firstMoment, secondMoment, step);
        AverageParametersCore(parameters, decay, average);
    }

    /// <inheritdoc cref="AverageParameters"/>
    protected abstract void AverageParametersCore(ParameterBuffer parameters, double decay, ParameterBuffer average);

    private static void RequireAdam(
        ParameterBuffer parameters, ParameterBuffer gradients, ParameterBuffer firstMoment, ParameterBuffer secondMoment)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        RequireSameLength(parameters, gradients, nameof(gradients));
        RequireSameLength(parameters, firstMoment, nameof(firstMoment));
        RequireSameLength(parameters, secondMoment, nameof(secondMoment));
    }

    private static void RequireDecay(double decay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decay, 1);
    }

    private static void RequireSameLength(ParameterBuffer expected, ParameterBuffer buffer, string name)
    {
        ArgumentNullException.ThrowIfNull(buffer, name);
        if (buffer.Length != expected.Length)
        {
            throw new ArgumentException($"{name} has {buffer.Length} elements, expected {expected.Length}.", name);
        }
    }
}
