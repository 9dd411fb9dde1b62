namespace FlowRatio.Tests.Emulation;

/// <summary>Where in the grid the kernel thread that runs on this processor thread is.</summary>
internal sealed class EmulatedThread
{
    [ThreadStatic]
    private static EmulatedThread? current;

    /// <summary>The position of the kernel thread that is running here.</summary>
    public static EmulatedThread Current => current ??= new EmulatedThread();

    public int GroupX { get; set; }

    public int GroupY { get; set; }

    public int GroupZ { get; set; }

    public int IndexInGroup { get; set; }

    public int GroupSize { get; set; }

    /// <summary>The threads that run this group, or null for a kernel that declares no barriers.</summary>
    public ThreadTeam? Team { get; set; }

    /// <summary>Shared allocations that this thread has made in this group.</summary>
    public int SharedAllocations { get; set; }
}
