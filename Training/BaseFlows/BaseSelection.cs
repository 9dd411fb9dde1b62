namespace FlowRatio.Training.BaseFlows;

/// <summary>How <see cref="BaseKind.Auto"/> chose.</summary>
/// <param name="Chosen">The base that was taken.</param>
/// <param name="Rows">Rows that judged.</param>
/// <param name="Candidates">All candidates, from the simplest.</param>
public sealed record BaseSelection(string Chosen, int Rows, IReadOnlyList<BaseCandidate> Candidates)
{
    /// <summary>The independent blocks of coordinates by which factors were judged; null where they were no candidate.</summary>
    internal IReadOnlyList<int[]>? Blocks { get; init; }
}
