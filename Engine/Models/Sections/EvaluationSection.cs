namespace FlowRatio.Engine.Models.Sections;

/// <summary>How a model asks to be evaluated where the caller does not say, in a model file.</summary>
internal sealed record EvaluationSection
{
    public double? ImpliedScore { get; init; }
}
