namespace FlowRatio.Engine.Estimation;

/// <summary>How far an estimation is.</summary>
/// <param name="PointsDone">Finished points.</param>
/// <param name="PointsTotal">All points.</param>
public readonly record struct EstimationProgress(int PointsDone, int PointsTotal);
