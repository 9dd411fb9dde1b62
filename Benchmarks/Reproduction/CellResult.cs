using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>A finished cell.</summary>
/// <param name="Cell">What was run.</param>
/// <param name="Report">What came out.</param>
public sealed record CellResult(GridCell Cell, ExperimentReport Report);
