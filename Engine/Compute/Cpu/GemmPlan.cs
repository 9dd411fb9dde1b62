namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// How a product is cut into tasks: groups of panels by groups of weight blocks. Only the order of work depends on it, never a
/// sum, so it may be chosen freely for the caches.
/// </summary>
internal readonly record struct GemmPlan(int Panels, int PanelsPerGroup, int Blocks, int BlocksPerGroup)
{
    // The inputs of one group should stay in the second-level cache while all its weight blocks pass.
    private const long GroupBytes = 512 * 1024;
    private const int FewestTasks = 8;
    private const int TasksPerThread = 4;

    public int PanelGroups => Division.Up(Panels, PanelsPerGroup);

    public int BlockGroups => Division.Up(Blocks, BlocksPerGroup);

    public int Tasks => PanelGroups * BlockGroups;

    public static GemmPlan For(int panels, int segments, PackedWeights weights, int threads)
    {
        int wanted = Math.Max(FewestTasks, TasksPerThread * threads);
        long panelBytes = (long)segments * weights.Inner * CpuMatrix.PanelRows * sizeof(float);
        int perGroup = (int)Math.Clamp(GroupBytes / panelBytes, 1, Math.Max(1, panels / wanted));
        int groups = Division.Up(panels, perGroup);
        int blockGroups = Math.Clamp(wanted / groups, 1, weights.Blocks);
        return new GemmPlan(panels, perGroup, weights.Blocks, Division.Up(weights.Blocks, blockGroups));
    }

    /// <summary>The panels and blocks of one task, as half-open ranges.</summary>
    public (int PanelStart, int PanelEnd, int BlockStart, int BlockEnd) Task(int task)
    {
        int panelStart = task / BlockGroups * PanelsPerGroup;
        int blockStart = task % BlockGroups * BlocksPerGroup;
        return (
            panelStart,
            Math.Min(panelStart + PanelsPerGroup, Panels),
            blockStart,
            Math.Min(blockStart + BlocksPerGroup, Blocks));
    }
}
