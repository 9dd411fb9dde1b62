namespace FlowRatio.Benchmarks.Speed;

/// <summary>The JSON of <c>speed</c>: times in milliseconds.</summary>
/// <param name="Experiment">"speed".</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Threads">Threads of the cases that use all.</param>
/// <param name="SecondsPerCase">Budget of each case.</param>
/// <param name="Ceilings">Arithmetic limits.</param>
/// <param name="Rows">One row per case.</param>
internal sealed record SpeedReport(
    string Experiment,
    MachineReport Machine,
    int Threads,
    double SecondsPerCase,
    IReadOnlyList<CeilingReport> Ceilings,
    IReadOnlyList<SpeedRow> Rows);
