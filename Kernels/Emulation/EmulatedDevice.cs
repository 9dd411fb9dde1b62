using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Emulation;

/// <summary>
/// Runs kernels on the processor, for tests: views are checked, shared memory starts as NaN, freed memory is known, memory can be made
/// small. Kernels without barriers run thread after thread in a plain loop; those with barriers run on a team of threads.
/// </summary>
internal sealed class EmulatedDevice : Device
{
    /// <summary>Memory unless told otherwise.</summary>
    public const long DefaultBytes = 8L << 30;

    private readonly Dictionary<int, ThreadTeam> teams = [];
    private readonly ThreadOrder order;
    private readonly bool keepsGraphs;

    /// <summary>Creates a device.</summary>
    /// <param name="bytes">Memory; more cannot be allocated.</param>
    /// <param name="order">How threads of a group take turns.</param>
    /// <param name="keepsGraphs">Whether launches can be recorded into graphs.</param>
    public EmulatedDevice(long bytes = DefaultBytes, ThreadOrder order = ThreadOrder.Parallel, bool keepsGraphs = true)
    {
        this.keepsGraphs = keepsGraphs;
        TotalBytes = bytes;
        this.order = order;
    }

    /// <inheritdoc/>
    public override string Name => "emulated";

    /// <inheritdoc/>
    public override string Description => "kernels emulated on the processor (for tests)";

    /// <inheritdoc/>
    public override long TotalBytes { get; }

    /// <inheritdoc/>
    public override long FreeBytes => TotalBytes - LiveBytes;

    /// <inheritdoc/>
    protected override void SynchronizeCore()
    {
    }

    /// <inheritdoc/>
    protected override unsafe DeviceMemory<T> AllocateCore<T>(long length)
    {
        long bytes = length * sizeof(T);
        return bytes <= FreeBytes
            ? new EmulatedDeviceMemory<T>(this, length)
            : throw new DeviceMemoryException(Name, bytes, FreeBytes, TotalBytes);
    }

    /// <inheritdoc/>
    internal override ILaunchGraph? CreateGraph() => keepsGraphs ? new EmulatedGraph(this) : null;

    /// <inheritdoc/>
    internal override void LaunchCore<TKernel>(in TKernel kernel, LaunchShape shape)
    {
        TKernel arguments = kernel;
        if (TKernel.HasBarriers)
        {
            Team(shape.Threads).Run(thread => RunThread(thread, arguments, shape));
        }
        else
        {
            RunAlone(arguments, shape);
        }
    }

    /// <inheritdoc/>
    protected override void DisposeCore()
    {
        foreach (ThreadTeam team in teams.Values)
        {
            team.Dispose();
        }
    }

    /// <summary>One thread of the team goes through all groups.</summary>
    private static void RunThread<TKernel>(EmulatedThread thread, TKernel arguments, LaunchShape shape)
        where TKernel : struct, IKernel<TKernel>
    {
        for (int z = 0; z < shape.Z; z++)
        {
            for (int y = 0; y < shape.Y; y++)
            {
                for (int x = 0; x < shape.X; x++)
                {
                    (thread.GroupX, thread.GroupY, thread.GroupZ) = (x, y, z);
                    TKernel.Run(arguments);
                    thread.Team!.EndGroup(thread);
                }
            }
        }
    }

    private static void RunAlone<TKernel>(TKernel arguments, LaunchShape shape)
        where TKernel : struct, IKernel<TKernel>
    {
        EmulatedThread thread = EmulatedThread.Current;
        thread.GroupSize = shape.Threads;
        for (int z = 0; z < shape.Z; z++)
        {
            for (int y = 0; y < shape.Y; y++)
            {
                for (int x = 0; x < shape.X; x++)
                {
                    (thread.GroupX, thread.GroupY, thread.GroupZ) = (x, y, z);
                    for (int i = 0; i < shape.Threads; i++)
                    {
                        thread.IndexInGroup = i;
                        TKernel.Run(arguments);
                    }
                }
            }
        }
    }

    private ThreadTeam Team(int size)
    {
        if (!teams.TryGetValue(size, out ThreadTeam? team))
        {
            team = new ThreadTeam(size, order);
            teams.Add(size, team);
        }

        return team;
    }
}
