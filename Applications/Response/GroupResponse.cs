using FlowRatio.Applications.Statistics;

namespace FlowRatio.Applications.Response;

/// <summary>One group of cells over donors.</summary>
/// <param name="Group">Name.</param>
/// <param name="ByDonor">Mean log-ratio of the group's treated cells per donor with enough of them, in nats.</param>
/// <param name="OddsByDonor">The same of the classifier.</param>
/// <param name="Interval">Mean over donors with a bootstrap interval over donors; null without donors.</param>
public sealed record GroupResponse(
    string Group, IReadOnlyDictionary<string, double> ByDonor, IReadOnlyDictionary<string, double> OddsByDonor, BootstrapInterval? Interval);
