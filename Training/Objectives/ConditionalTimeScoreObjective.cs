using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Objectives;

/// <summary>
/// CTSM and CTSM-v (Yu et al., 2025): mean over rows and outputs of (sqrt(lambda) s - sqrt(lambda) g)^2 with the conditional time score g,
/// summed over coordinates (one output) or per coordinate (d outputs). Its minimiser is E[g | x_t] = d/dt log p_t(x_t).
/// </summary>
internal sealed class ConditionalTimeScoreObjective : TimeScoreObjective
{
    private readonly IPairSource pairs;
    private readonly Matrix source;
    private readonly Matrix end;
    private readonly Matrix target;
    private readonly TimeScoreBatch batch;
    private readonly ulong seed;

    public ConditionalTimeScoreObjective(
        ComputeBackend backend, TimeScoreNetwork network, IPairSource pairs, TimeScorePath path, int rows, ulong seed)
        : base(backend, new TimeScoreTrainingPass(backend, network, rows, StackLayout.Primal(1)), path, rows)
    {
        if (path.Weighting != TimeScoreWeighting.ObjectiveVariance)
        {
            throw new ArgumentException(
                $"path has the weighting {path.Weighting}; conditional targets are finite at the ends only with ObjectiveVariance.", nameof(path));
        }

        this.pairs = pairs;
        this.seed = seed;
        source = backend.CreateMatrix(rows, pairs.Dimension);
        end = backend.CreateMatrix(rows, pairs.Dimension);
        target = backend.CreateMatrix(rows, network.Shape.Outputs);
        batch = Batch(target);
    }

    /// <inheritdoc/>
    public override void Forward(ParameterBuffer parameters, long step)
    {
        pairs.Select(step, source, end);
        Backend.SampleTimeScorePath(Path, source, end, seed, step, batch);
        Pass.Forward(parameters);
        Backend.SquaredError(Pass.Output, target, batch.RootWeight, 0, LossSum, Pass.OutputGradient);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            end.Dispose();
            target.Dispose();
        }

        base.Dispose(disposing);
    }
}
