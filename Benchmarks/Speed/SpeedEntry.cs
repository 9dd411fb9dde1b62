namespace FlowRatio.Benchmarks.Speed;

/// <summary>A case of the catalogue, not yet prepared.</summary>
/// <param name="Name">Its name, <c>thing/variant/size@threads</c>.</param>
/// <param name="Threads">Threads it runs on.</param>
/// <param name="Create">Prepares it.</param>
internal sealed record SpeedEntry(string Name, int Threads, Func<SpeedBackends, ISpeedCase> Create)
{
    /// <summary>Case whose time is taken off before it is divided by the elements: what the operation costs on top of that one.</summary>
    public string? Baseline { get; init; }
}
