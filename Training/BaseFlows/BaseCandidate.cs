namespace FlowRatio.Training.BaseFlows;

/// <summary>What a pilot training of one base came to, on rows that no pilot saw.</summary>
/// <param name="Base">The base that was asked for.</param>
/// <param name="Summary">What was fitted.</param>
/// <param name="Steps">Steps of the pilot; 0 where the marginals of held-out rows ruled the base out before.</param>
/// <param name="FlowLoss">Flow-matching loss, velocity plus score; null without a pilot.</param>
/// <param name="LabelLoss">
/// Mean of -log p(condition | x) in nats, from the log-ratios between the conditions and their frequencies: a proper score of the ratios.
/// Null where there is only one condition, and without a pilot.
/// </param>
/// <param name="Verdict">Why it was taken or left, in words.</param>
public sealed record BaseCandidate(string Base, string Summary, int Steps, double? FlowLoss, double? LabelLoss, string Verdict);
