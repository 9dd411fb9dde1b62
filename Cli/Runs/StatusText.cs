using FlowRatio.Engine.Solvers;

namespace FlowRatio.Cli.Runs;

/// <summary>Statuses as the output writes them.</summary>
internal static class StatusText
{
    public static readonly IReadOnlyList<string> All = ["converged", "tolerance_not_reached", "step_limit", "step_underflow", "non_finite"];

    public static string Of(SolveStatus status) => All[(int)status];
}
