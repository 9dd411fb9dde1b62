namespace FlowRatio.Tests.Emulation;

/// <summary>ILGPU's group of threads.</summary>
internal static class Group
{
    /// <summary>Number of this thread in its group.</summary>
    public static int IdxX => EmulatedThread.Current.IndexInGroup;

    /// <summary>Threads per group.</summary>
    public static int DimX => EmulatedThread.Current.GroupSize;

    /// <summary>Waits until all threads of the group are here; what they wrote before is seen by all afterwards.</summary>
    public static void Barrier()
    {
        EmulatedThread thread = EmulatedThread.Current;
        ThreadTeam team = thread.Team
            ?? throw new InvalidOperationException("A kernel that declares no barriers called Group.Barrier.");
        team.Wait(thread.IndexInGroup);
    }
}
