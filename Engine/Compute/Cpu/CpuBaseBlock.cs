namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>A block of several coordinates.</summary>
/// <param name="First">Its first place.</param>
/// <param name="Forward">Coordinates to directions.</param>
/// <param name="Backward">Directions to coordinates.</param>
internal sealed record CpuBaseBlock(int First, PackedWeights Forward, PackedWeights Backward);
