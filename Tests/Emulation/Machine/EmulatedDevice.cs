using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;

namespace FlowRatio.Tests.Emulation;

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
    private readonly GraphFault graphFault;
    private readonly IProductMachine? products;
    private readonly SortedList<ulong, long> blocks = [];

    /// <summary>Creates a device.</summary>
    /// <param name="bytes">Memory; more cannot be allocated.</param>
    /// <param name="order">How threads of a group take turns.</param>
    /// <param name="keepsGraphs">Whether launches can be recorded into graphs.</param>
    /// <param name="products">What runs kernels in PTX, or null for nothing.</param>
    /// <param name="graphFault">What it refuses of graphs.</param>
    public EmulatedDevice(
        long bytes = DefaultBytes,
        ThreadOrder order = ThreadOrder.Alternating,
        bool keepsGraphs = true,
        IProductMachine? products = null,
        GraphFault graphFault = GraphFault.None)
    {
        KeepsGraphs = keepsGraphs;
        this.graphFault = graphFault;
        this.products = products;
        TotalBytes = bytes;
        this.order = order;
    }

    /// <inheritdoc/>
    public override string Name => "emulated";

    /// <inheritdoc/>
    public override string Description => "kernels emulated on the processor (for tests)";

    /// <inheritdoc/>
    public override bool RunsProducts => products is not null;

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
        if (bytes > FreeBytes)
        {
            throw new DeviceMemoryException(Name, bytes, FreeBytes, TotalBytes);
        }

        var memory = new EmulatedDeviceMemory<T>(this, length, start => blocks.Remove(start));
        blocks.Add(memory.Start, bytes);
        return memory;
    }

    /// <inheritdoc/>
    internal override ILaunchGraph? CreateGraph() => new EmulatedGraph(this, graphFault);

    /// <inheritdoc/>
    internal override void LaunchCore<TKernel>(in TKernel kernel, LaunchShape shape)
    {
        TKernel arguments = kernel;
        if (arguments is ProductLaunch product)
        {
            products!.Run(product.Kernel, product.Arguments, shape, IsMemory);
        }
        else if (TKernel.HasBarriers)
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

        teams.Clear();
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

    /// <summary>Whether bytes lie within one allocation.</summary>
    private bool IsMemory(ulong address, int bytes)
    {
        // The last block that starts at or before the address.
        int low = 0, high = blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = blocks.GetKeyAtIndex(middle) <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && address + (ulong)bytes <= blocks.GetKeyAtIndex(low - 1) + (ulong)blocks.GetValueAtIndex(low - 1);
    }

    private ThreadTeam Team(int size)
    {
        if (!teams.TryGetValue(size, out ThreadTeam? team))
        {
            team = ThreadTeam.Create(size, order);
            teams.Add(size, team);
        }

        return team;
    }
}
