namespace FlowRatio.Training;

/// <summary>Tells a loss that jumps, because steps were too large, from one that rises slowly, because a training overfits.</summary>
internal static class LossJump
{
    private const int FewestChanges = 3;
    private const double UsualChanges = 10;
    private const double ShareOfLowest = 0.05;

    /// <summary>
    /// Whether the last loss has jumped: in one interval it rose by ten times the usual change (the median), and by a twentieth of the lowest loss.
    /// </summary>
    /// <param name="losses">Losses at equal intervals, without those that had jumped.</param>
    public static bool IsLast(IReadOnlyList<double> losses)
    {
        double rise = losses.Count < 2 ? 0 : losses[^1] - losses[^2];
        double[] changes = [.. Enumerable.Range(1, Math.Max(losses.Count - 2, 0)).Select(i => Math.Abs(losses[i] - losses[i - 1])).Order()];
        return changes.Length >= FewestChanges && rise > UsualChanges * changes[changes.Length / 2] && rise > ShareOfLowest * Math.Abs(losses.Min());
    }
}
