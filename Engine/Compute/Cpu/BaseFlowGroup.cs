namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Up to 32 rows of one density.</summary>
/// <param name="Density">Number of the density.</param>
/// <param name="First">Index of the first row among the rows sorted by density.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct BaseFlowGroup(int Density, int First, int Count);
