namespace FlowRatio.Applications;

/// <summary>How far an application is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Share">Share of the stage that is done, in [0, 1].</param>
public readonly record struct ApplicationProgress(string Stage, double Share);
