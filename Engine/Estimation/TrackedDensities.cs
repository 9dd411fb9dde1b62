using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Estimation;

/// <summary>Which log-densities an estimation carries, and along which field.</summary>
/// <param name="Tracked">Conditions in order.</param>
/// <param name="Field">Conditions whose weighted velocities make the field.</param>
/// <param name="UsesOptionsField">Whether the options' field is meant (log-ratios), or the density's own (log-densities).</param>
/// <param name="NeedsSource">Whether the end points at t = 0 are needed.</param>
internal sealed record TrackedDensities(
    IReadOnlyList<Condition> Tracked,
    IReadOnlyList<(Condition Condition, double Weight)> Field,
    bool UsesOptionsField,
    bool NeedsSource)
{
    /// <summary>Whether a workspace made for the one serves the other.</summary>
    public bool IsSameAs(TrackedDensities other) =>
        UsesOptionsField == other.UsesOptionsField && Tracked.SequenceEqual(other.Tracked) && Field.SequenceEqual(other.Field);
}
