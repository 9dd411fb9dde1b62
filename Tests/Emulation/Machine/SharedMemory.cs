namespace FlowRatio.Tests.Emulation;

/// <summary>ILGPU's memory that the threads of a group share; it is NaN at the start of every group, as nothing promises zeros.</summary>
internal static class SharedMemory
{
    /// <summary>An array shared by the group: the n-th call of every thread gives the same array.</summary>
    public static ArrayView<T> Allocate<T>(int length)
        where T : unmanaged
    {
        EmulatedThread thread = EmulatedThread.Current;
        ThreadTeam team = thread.Team
            ?? throw new InvalidOperationException("A kernel that declares no barriers allocated shared memory.");
        return team.Shared<T>(thread.SharedAllocations++, length);
    }
}
