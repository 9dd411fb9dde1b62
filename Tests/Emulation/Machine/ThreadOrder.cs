namespace FlowRatio.Tests.Emulation;

/// <summary>
/// How the threads of a group with barriers take turns. A kernel that lacks a barrier gives other numbers in one order than in the
/// other, so tests run both.
/// </summary>
internal enum ThreadOrder
{
    /// <summary>All at once.</summary>
    Parallel,

    /// <summary>Between two barriers thread 0 runs first, then thread 1, and so on.</summary>
    Ascending,

    /// <summary>Between two barriers the last thread runs first.</summary>
    Descending,

    /// <summary>Ascending and descending in turn, from launch to launch.</summary>
    Alternating,
}
