using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Objectives;

/// <summary>
/// Conditional flow matching with a score head (docs/math.md): mean of (u - u*)^2 plus mean of (c_t s - (t u* - x_t))^2, means over
/// rows and coordinates. Conditions are dropped per row and covariate. With a base, the networks learn what it leaves of both targets.
/// </summary>
public sealed class FlowMatchingObjective : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly PathSchedule schedule;
    private readonly IReadOnlyList<double> dropProbabilities;
    private readonly ulong seed;
    private readonly int population;
    private readonly Matrix data;
    private readonly IndexBuffer[] categories;
    private readonly IndexBuffer rows;
    private readonly IndexBuffer[] batchCategories;
    private readonly PathBatch batch;
    private readonly NetworkTrainingPass pass;
    private readonly Matrix dVelocity;
    private readonly Matrix dScore;
    private readonly Accumulator losses;
    private readonly TargetReferences? references;
    private readonly BaseTargets? baseTargets;
    private readonly bool mirroredNoise;

    /// <summary>Puts the data on the backend and allocates one batch.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="set">Data in the network's coordinates.</param>
    /// <param name="schedule">Path schedule.</param>
    /// <param name="dropProbabilities">Probability of dropping each covariate.</param>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="seed">Seed of shuffles, times, noise and drops.</param>
    /// <param name="baseFlow">Base under the networks, in the network's coordinates; or null.</param>
    /// <param name="targetReferences">Rows over which targets are averaged (see <see cref="ComputeBackend.AverageTargets"/>); 0 for none.</param>
    /// <param name="mirroredNoise">Whether rows are paired (see <see cref="ComputeBackend.SamplePath"/>).</param>
    /// <param name="whitening">Damping of whitened inputs in weight gradients (see <see cref="NetworkTrainingPass"/>); null for plain gradients.</param>
    public FlowMatchingObjective(
        ComputeBackend backend,
        VelocityScoreNetwork network,
        TrainingSet set,
        PathSchedule schedule,
        IReadOnlyList<double> dropProbabilities,
        int batchSize,
        ulong seed,
        BaseFlow? baseFlow = null,
        int targetReferences = 0,
        bool mirroredNoise = false,
        double? whitening = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(dropProbabilities);
        if (dropProbabilities.Count != network.Shape.Covariates.Count)
        {
            throw new ArgumentException(
                $"dropProbabilities has {dropProbabilities.Count} entries for {network.Shape.Covariates.Count} covariates.",
                nameof(dropProbabilities));
        }

        this.backend = backend;
        this.schedule = schedule;
        this.dropProbabilities = dropProbabilities;
        this.seed = seed;
        this.mirroredNoise = mirroredNoise;
        population = set.Rows;
        using var construction = new Construction(backend);
        data = backend.CreateMatrix(set.Rows, set.Dimension);
        data.Write(set.Points);
        categories = new IndexBuffer[network.Shape.Covariates.Count];
        batchCategories = new IndexBuffer[categories.Length];
        for (int i = 0; i < categories.Length; i++)
        {
            categories[i] = backend.CreateIndices(set.Rows);
            categories[i].Write(set.Categories(i));
            batchCategories[i] = backend.CreateIndices(batchSize);
        }

        rows = backend.CreateIndices(batchSize);
        batch = new PathBatch(backend, batchSize, set.Dimension);
        pass = new NetworkTrainingPass(backend, network, batchSize, set.Levels, whitening);
        dVelocity = backend.CreateMatrix(batchSize, set.Dimension);
        dScore = backend.CreateMatrix(batchSize, set.Dimension);
        losses = backend.CreateAccumulator(1, 2);
        references = targetReferences == 0 ? null : new TargetReferences(backend, set, Math.Min(targetReferences, set.Rows), batchSize, seed);
        baseTargets = baseFlow is null ? null : new BaseTargets(backend, baseFlow, network.Shape.Categorical, batchSize);
        construction.Complete();
    }

    /// <summary>Loss of the last batch; reading it waits for the backend.</summary>
    public FlowMatchingLoss Loss
    {
        get
        {
            Span<double> value = stackalloc double[1];
            losses.Read(0, value);
            double velocity = value[0];
            losses.Read(1, value);
            return new FlowMatchingLoss(velocity, value[0]);
        }
    }

    /// <summary>Keeps the loss of the last batch on the backend, without waiting for it.</summary>
    /// <param name="slot">One entry: the row to write.</param>
    /// <param name="history">Series 0 receives the velocity's loss, series 1 the score's.</param>
    internal void StoreLoss(IndexBuffer slot, Accumulator history) => backend.StoreSums(losses, slot, history);

    /// <summary>The network's passes, with what whitens their gradients.</summary>
    public NetworkTrainingPass Pass => pass;

    /// <summary>Forward pass and loss on one batch.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="step">Number of the batch: chooses rows, times, noise and drops.</param>
    public void Forward(ParameterBuffer parameters, long step)
    {
        backend.SelectRows(population, seed, step, rows);
        for (int i = 0; i < categories.Length; i++)
        {
            backend.SelectConditions(categories[i], rows, dropProbabilities[i], i, seed, step, batchCategories[i]);
        }

        backend.SamplePath(schedule, data, rows, seed, step, mirroredNoise, batch);
        references?.Average(schedule, data, rows, step, batch);
        baseTargets?.Subtract(schedule, batchCategories, batch);
        pass.Forward(parameters, batch.Points, batch.Times, batchCategories);
        backend.SquaredError(pass.Velocity, batch.VelocityTarget, null, 0, losses, dVelocity);
        backend.SquaredError(pass.Score, batch.ScoreTarget, batch.ScoreWeight, 1, losses, dScore);
    }

    /// <summary>Adds the rows of the last batch to what each head explains of its target.</summary>
    /// <param name="velocity">Sums of the velocity head.</param>
    /// <param name="score">Sums of the score head.</param>
    public void AddResiduals(HeadResidual velocity, HeadResidual score)
    {
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(score);
        int dimension = batch.Points.Columns;
        double[] target = new double[batch.Points.Rows * dimension], output = new double[target.Length];
        double[] weight = new double[batch.Points.Rows];
        batch.VelocityTarget.Read<double>(target);
        pass.Velocity.Read<double>(output);
        velocity.Add(target, output, null, dimension);
        batch.ScoreTarget.Read<double>(target);
        batch.ScoreWeight.Read<double>(weight);
        pass.Score.Read<double>(output);
        score.Add(target, output, weight, dimension);
    }

    /// <summary>Gradients of the last batch's loss.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="gradients">Overwritten.</param>
    public void Backward(ParameterBuffer parameters, ParameterBuffer gradients) =>
        pass.Backward(parameters, batch.Points, batchCategories, dVelocity, dScore, gradients);

    /// <inheritdoc/>
    public void Dispose()
    {
        data.Dispose();
        rows.Dispose();
        batch.Dispose();
        pass.Dispose();
        dVelocity.Dispose();
        dScore.Dispose();
        losses.Dispose();
        references?.Dispose();
        baseTargets?.Dispose();
        foreach (IndexBuffer indices in categories.Concat(batchCategories))
        {
            indices.Dispose();
        }
    }
}
