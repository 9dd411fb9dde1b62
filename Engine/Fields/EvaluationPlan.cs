using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Fields;

/// <summary>What one evaluation of a flow must deliver, so that everything in it can be shared.</summary>
/// <param name="Conditions">Conditions whose velocity is wanted; those tracked come first.</param>
/// <param name="TangentConditions">How many of the leading conditions also need Jacobian-vector products.</param>
/// <param name="Tangents">Tangent directions per evaluation.</param>
/// <param name="ScoreConditions">Indices into <paramref name="Conditions"/> of those whose score is wanted.</param>
/// <param name="Rows">Largest number of points per evaluation.</param>
public sealed record EvaluationPlan(
    IReadOnlyList<Condition> Conditions, int TangentConditions, int Tangents, IReadOnlyList<int> ScoreConditions, int Rows)
{
    /// <summary>Whether every point has a time of its own.</summary>
    public bool TimePerRow { get; init; }

    /// <summary>Order of the velocity segments.</summary>
    public StackLayout Stack => new(Conditions.Count, Tangents == 0 ? 0 : TangentConditions, Tangents);
}
