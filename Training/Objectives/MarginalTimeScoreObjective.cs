using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Objectives;

/// <summary>
/// TSM (Choi et al., 2022): E[2 lambda(t_0) s(x_0, t_0) - 2 lambda(t_1) s(x_1, t_1) + 2 lambda ds/dt + 2 lambda' s + lambda s^2], which is
/// E[lambda (s - d/dt log p_t)^2] up to a constant. The batch's own x_0 and x_1 stand at the ends, as published; ds/dt is a tangent.
/// </summary>
internal sealed class MarginalTimeScoreObjective : TimeScoreObjective
{
    // Segments: x_t, x_0, x_1, and the tangent of x_t along t.
    private static readonly StackLayout Stack = new(3, 1, 1);
    private readonly IPairSource pairs;
    private readonly TimeScoreBatch batch;
    private readonly ulong seed;

    public MarginalTimeScoreObjective(
        ComputeBackend backend, TimeScoreNetwork network, IPairSource pairs, TimeScorePath path, int rows, ulong seed)
        : base(backend, new TimeScoreTrainingPass(backend, network, rows, Stack), path, rows)
    {
        this.pairs = pairs;
        this.seed = seed;
        batch = Batch(null);
        Fill(Pass.Times[1], path.FirstTime);
        Fill(Pass.Times[2], path.LastTime);
        Fill(Pass.Points[3], 0);
        Fill(Pass.Times[3], 1);
    }

    /// <inheritdoc/>
    public override void Forward(ParameterBuffer parameters, long step)
    {
        pairs.Select(step, Pass.Points[1], Pass.Points[2]);
        Backend.SampleTimeScorePath(Path, Pass.Points[1], Pass.Points[2], seed, step, batch);
        Pass.Forward(parameters);
        Backend.TimeScoreLoss(
            Pass.Output,
            batch.Weight,
            batch.WeightSlope,
            Path.Weight(Path.FirstTime),
            Path.Weight(Path.LastTime),
            0,
            LossSum,
            Pass.OutputGradient);
    }

    private static void Fill(Matrix matrix, double value)
    {
        double[] values = new double[matrix.Rows * matrix.Columns];
        Array.Fill(values, value);
        matrix.Write<double>(values);
    }
}
