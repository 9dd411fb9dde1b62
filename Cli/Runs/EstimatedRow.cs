using FlowRatio.Engine.Solvers;

namespace FlowRatio.Cli.Runs;

/// <summary>One row with its estimate, as summaries and pages see it.</summary>
/// <param name="Value">Estimate in nats; NaN where there is none.</param>
/// <param name="StandardError">Its standard error from the probes, or NaN.</param>
/// <param name="Disagreement">Overlap diagnostic, or NaN.</param>
/// <param name="Deviation">Deviation of the trajectory's end from noise, or NaN.</param>
/// <param name="Status">How the trajectory ended.</param>
/// <param name="Evaluations">Evaluations of the flow.</param>
/// <param name="Place">Where it is on the page's map.</param>
/// <param name="Group">Its group, or null.</param>
/// <param name="Label">Whether it is labelled as the numerator or as the denominator; null for neither.</param>
/// <param name="IsHeldOut">Whether the training held it out; null where it took no part in the training.</param>
internal readonly record struct EstimatedRow(
    double Value,
    double StandardError,
    double Disagreement,
    double Deviation,
    SolveStatus Status,
    int Evaluations,
    (float X, float Y) Place,
    string? Group,
    bool? Label,
    bool? IsHeldOut);
