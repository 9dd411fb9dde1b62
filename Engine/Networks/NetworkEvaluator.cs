using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Networks;

/// <summary>The fused evaluation of a network: encoder once, heads for all conditions together, scores only where needed.</summary>
internal sealed class NetworkEvaluator : FlowEvaluator
{
    private readonly NetworkFlow flow;
    private readonly StackLayout encoderStack;
    private readonly Matrix encoderHidden;
    private readonly Matrix dataCode;
    private readonly Matrix timeFeatures;
    private readonly (Matrix First, Matrix Second) scratch;
    private readonly HeadEvaluation velocityHead;
    private readonly HeadEvaluation? scoreHead;
    private readonly BaseEvaluation? baseEvaluation;
    private long encodedVersion;

    public NetworkEvaluator(NetworkFlow flow, EvaluationPlan plan)
        : base(flow.Backend, flow.Dimension, plan)
    {
        this.flow = flow;
        NetworkShape shape = flow.Network.Shape;
        encoderStack = new StackLayout(1, Math.Min(1, plan.Tangents), plan.Tangents);
        encoderHidden = Backend.CreateMatrix(plan.Rows, shape.DataHidden, 1 + plan.Tangents);
        dataCode = Backend.CreateMatrix(plan.Rows, shape.DataCode, 1 + plan.Tangents);
        timeFeatures = Backend.CreateMatrix(plan.TimePerRow ? plan.Rows : 1, shape.TimeFeatures);
        int segments = Math.Max(plan.Stack.Segments, plan.ScoreConditions.Count);
        scratch = (
            Backend.CreateMatrix(plan.Rows, shape.HeadHidden, segments),
            Backend.CreateMatrix(plan.Rows, shape.HeadHidden, segments));
        velocityHead = new HeadEvaluation(flow, flow.Network.VelocityHead, plan, plan.Stack);
        if (plan.ScoreConditions.Count > 0)
        {
            StackLayout stack = StackLayout.Primal(plan.ScoreConditions.Count);
            scoreHead = new HeadEvaluation(flow, flow.Network.ScoreHead, plan, stack);
        }

        baseEvaluation = flow.Base is null ? null : new BaseEvaluation(flow, plan, Velocity, Score);
    }

    /// <inheritdoc/>
    public override Accumulator? KnownDivergence => baseEvaluation?.Divergence;

    /// <inheritdoc/>
    public override void Resize(int rows)
    {
        base.Resize(rows);
        encoderHidden.Resize(rows);
        dataCode.Resize(rows);
        if (Plan.TimePerRow)
        {
            timeFeatures.Resize(rows);
        }

        scratch.First.Resize(rows);
        scratch.Second.Resize(rows);
        velocityHead.Resize(rows);
        scoreHead?.Resize(rows);
        baseEvaluation?.Resize(rows);
    }

    /// <inheritdoc/>
    public override void Evaluate()
    {
        if (encodedVersion != flow.Parameters.Version)
        {
            EncodeConditions();
            encodedVersion = flow.Parameters.Version;
        }

        LinearLayer first = flow.Network.DataEncoder[0], second = flow.Network.DataEncoder[1];
        Backend.Linear(
            Input, first.Weight(flow.Parameters), first.Bias(flow.Parameters), Activation.Selu, encoderStack, encoderHidden);
        Backend.Linear(
            encoderHidden, second.Weight(flow.Parameters), second.Bias(flow.Parameters), Activation.None, encoderStack, dataCode);
        Backend.TimeFeatures(Times, timeFeatures, flow.Network.Shape.TimeScale);
        velocityHead.Evaluate(dataCode, timeFeatures, scratch, Velocity);
        scoreHead?.Evaluate(dataCode, timeFeatures, scratch, Score!);
        baseEvaluation?.Add(Times, Points);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            encoderHidden.Dispose();
            dataCode.Dispose();
            timeFeatures.Dispose();
            scratch.First.Dispose();
            scratch.Second.Dispose();
            velocityHead.Dispose();
            scoreHead?.Dispose();
            baseEvaluation?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Conditions do not change along trajectories: their part of the first layers is computed once per set of parameters.</summary>
    private void EncodeConditions()
    {
        if (flow.Covariates.Count == 0)
        {
            return;
        }

        using Matrix codes = Codes(Plan.Conditions);
        velocityHead.SetConditions(codes);
        if (scoreHead is not null)
        {
            using Matrix scoreCodes = Codes([.. Plan.ScoreConditions.Select(i => Plan.Conditions[i])]);
            scoreHead.SetConditions(scoreCodes);
        }
    }

    /// <summary>Codes of all covariates side by side, one row per condition.</summary>
    private Matrix Codes(IReadOnlyList<Condition> conditions)
    {
        NetworkShape shape = flow.Network.Shape;
        Matrix codes = Backend.CreateMatrix(conditions.Count, shape.ConditionCodes);
        using IndexBuffer categories = Backend.CreateIndices(conditions.Count);
        for (int i = 0; i < shape.Covariates.Count; i++)
        {
            bool isContinuous = shape.IsContinuous(i);
            categories.Write([.. conditions.Select((condition, row) => isContinuous && condition.Categories[i] != Condition.Dropped ? row : condition.Categories[i])]);
            using var encoder = new ConditionCodes(
                Backend, flow.Network.ConditionEncoders[i], isContinuous ? [.. conditions.Select(condition => Level(condition, i))] : null);
            encoder.Update(flow.Parameters);
            encoder.Gather(categories, codes.ViewColumns(i * shape.ConditionCode, shape.ConditionCode));
        }

        return codes;
    }

    /// <summary>Value of a continuous covariate; a dropped one gets any number, its code is zero.</summary>
    private static float Level(Condition condition, int covariate) =>
        condition.Categories[covariate] == Condition.Dropped ? 0
        : !double.IsNaN(condition.Value(covariate)) ? (float)condition.Value(covariate)
        : throw new ArgumentException($"The condition {condition} has no value of covariate {covariate}, which is continuous.");
}
