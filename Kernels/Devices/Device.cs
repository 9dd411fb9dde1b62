using System.Diagnostics;

namespace FlowRatio.Kernels.Devices;

/// <summary>
/// Memory and kernel launches of one device, on one stream: launches and copies happen in the order in which they are asked for.
/// Everything that the backend needs of a device goes through this class, so counts of copies and allocations are complete.
/// </summary>
internal abstract class Device : IDisposable
{
    private readonly Dictionary<IDisposable, long> live = [];
    private RepeatedLaunches? open;

    /// <summary>Name, as in <c>--device</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Product, driver and memory, for people.</summary>
    public abstract string Description { get; }

    /// <summary>Whether <see cref="Gemm.Ptx.ProductLaunch"/> can be launched: kernels in PTX for sm_80 and later.</summary>
    public virtual bool RunsProducts => false;

    /// <summary>Memory that could be allocated now, in bytes.</summary>
    public abstract long FreeBytes { get; }

    /// <summary>Memory in all, in bytes.</summary>
    public abstract long TotalBytes { get; }

    /// <summary>Buffers that have been allocated and not freed.</summary>
    public int LiveBuffers => live.Count;

    /// <summary>Their size in bytes.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>The most that they have been since the start, or since <see cref="ResetPeak"/>.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Allocations since the start, scratch memory not counted.</summary>
    public long Allocations { get; private set; }

    /// <summary>Copies to the host since the start; each of them waits for the device.</summary>
    public long HostReads { get; private set; }

    /// <summary>Copies from the host since the start.</summary>
    public long HostWrites { get; private set; }

    /// <summary>Kernel launches that were asked for since the start.</summary>
    public long Launches { get; private set; }

    /// <summary>
    /// Calls of the driver that submitted or changed work since the start: launches one by one, whole graphs, changed arguments of a graph.
    /// What the host spends on launching is proportional to it.
    /// </summary>
    public long Submissions { get; private set; }

    /// <summary>Graphs that were launched since the start.</summary>
    public long GraphLaunches { get; private set; }

    /// <summary>Times since the start that the device refused to record, change or launch a graph, so that its launches went one by one.</summary>
    public long RefusedGraphs { get; private set; }

    /// <summary>Whether repeated launches become graphs, where the device has them.</summary>
    public bool KeepsGraphs { get; set; } = true;

    /// <summary>Allocates zeros.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="length">Number of elements, at least 1.</param>
    /// <param name="isScratch">Whether this is memory that an operation keeps for its next call: <see cref="FreeSince"/> leaves it.</param>
    /// <exception cref="Engine.Compute.DeviceMemoryException">Not enough memory.</exception>
    public unsafe DeviceMemory<T> Allocate<T>(long length, bool isScratch = false)
        where T : unmanaged
    {
        Flush();
        DeviceMemory<T> memory = AllocateCore<T>(length);
        live.Add(memory, isScratch ? 0 : ++Allocations);
        LiveBytes += length * sizeof(T);
        PeakBytes = Math.Max(PeakBytes, LiveBytes);
        memory.Freed = () =>
        {
            if (live.Remove(memory))
            {
                LiveBytes -= length * sizeof(T);
            }
        };
        return memory;
    }

    /// <summary>Counts <see cref="PeakBytes"/> from now on.</summary>
    public void ResetPeak() => PeakBytes = LiveBytes;

    /// <summary>Frees what has been allocated after the first so many allocations, and not been freed.</summary>
    /// <param name="allocations">An earlier value of <see cref="Allocations"/>.</param>
    public void FreeSince(long allocations)
    {
        foreach (IDisposable memory in live.Where(entry => entry.Value > allocations).Select(entry => entry.Key).ToArray())
        {
            memory.Dispose();
        }
    }

    /// <summary>Launches a kernel; returns before it has run.</summary>
    /// <typeparam name="TKernel">The kernel.</typeparam>
    /// <param name="kernel">Its arguments.</param>
    /// <param name="shape">Groups and threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too many groups in the second or third direction.</exception>
    public void Launch<TKernel>(in TKernel kernel, LaunchShape shape)
        where TKernel : struct, IKernel<TKernel>
    {
        // Here for all devices, so that the emulation refuses what a card would.
        if (shape.Y > LaunchShape.MostGroups || shape.Z > LaunchShape.MostGroups)
        {
            throw new ArgumentOutOfRangeException(
                nameof(shape), shape, $"{typeof(TKernel).Name} has {shape.X} x {shape.Y} x {shape.Z} groups; in the second and third direction at most {LaunchShape.MostGroups} are possible.");
        }

        Launches++;
        if (open is null || !open.Take(kernel, shape))
        {
            Submit(kernel, shape);
        }
    }

    /// <summary>Waits until everything that was asked for has been done.</summary>
    public void Synchronize()
    {
        Flush();
        SynchronizeCore();
    }

    /// <summary>How long the device takes for what is asked for, in milliseconds.</summary>
    /// <param name="work">Asks for it.</param>
    public virtual double Measure(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Synchronize();
        var clock = Stopwatch.StartNew();
        work();
        Synchronize();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>Prepares to submit a sequence of launches as one, from its third repetition on.</summary>
    public RepeatedLaunches CreateRepeatedLaunches() => new(this);

    /// <summary>Submits launches that were put off; to be called before the device does anything but launch.</summary>
    public void Flush() => open?.Flush();

    /// <summary>To be called by memory that copies to the host.</summary>
    public void CountRead() => HostReads++;

    /// <summary>To be called by memory that copies from the host.</summary>
    public void CountWrite() => HostWrites++;

    /// <summary>Directs launches to a sequence, after what another one has put off.</summary>
    /// <param name="sequence">The sequence, or null for none.</param>
    internal void Open(RepeatedLaunches? sequence)
    {
        Flush();
        open = sequence;
    }

    /// <summary>Submits a launch now.</summary>
    /// <typeparam name="TKernel">The kernel.</typeparam>
    /// <param name="kernel">Its arguments.</param>
    /// <param name="shape">Groups and threads.</param>
    internal void Submit<TKernel>(in TKernel kernel, LaunchShape shape)
        where TKernel : struct, IKernel<TKernel>
    {
        Submissions++;
        LaunchCore(kernel, shape);
    }

    /// <summary>Submits a launch that was put off.</summary>
    internal void Submit(LaunchRecord launch)
    {
        Submissions++;
        launch.HandTo(this);
    }

    /// <summary>Ends the direction of launches to a sequence that is disposed; what it has put off is forgotten.</summary>
    internal void Close(RepeatedLaunches sequence)
    {
        if (ReferenceEquals(open, sequence))
        {
            open = null;
        }
    }

    /// <summary>To be called when a graph is launched, with the launches in it whose arguments were changed before.</summary>
    /// <param name="changed">Number of changed launches.</param>
    internal void CountGraph(int changed)
    {
        Submissions += 1 + changed;
        GraphLaunches++;
    }

    /// <summary>To be called when the device refused a graph.</summary>
    internal void CountRefusal() => RefusedGraphs++;

    /// <summary>A graph that launches can be recorded into, or null where the device has none; see <see cref="ILaunchGraph"/>.</summary>
    internal virtual ILaunchGraph? CreateGraph() => null;

    /// <summary>Hands a launch to the device; called by <see cref="Launch"/>, <see cref="Submit"/> and by graphs that record.</summary>
    /// <typeparam name="TKernel">The kernel.</typeparam>
    /// <param name="kernel">Its arguments.</param>
    /// <param name="shape">Groups and threads.</param>
    internal abstract void LaunchCore<TKernel>(in TKernel kernel, LaunchShape shape)
        where TKernel : struct, IKernel<TKernel>;

    /// <inheritdoc/>
    public void Dispose()
    {
        open = null;
        foreach (IDisposable memory in live.Keys.ToArray())
        {
            memory.Dispose();
        }

        DisposeCore();
        GC.SuppressFinalize(this);
    }

    /// <summary>Allocates zeros.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="length">Number of elements.</param>
    protected abstract DeviceMemory<T> AllocateCore<T>(long length)
        where T : unmanaged;

    /// <inheritdoc cref="Synchronize"/>
    protected abstract void SynchronizeCore();

    /// <summary>Frees the device after its memory.</summary>
    protected abstract void DisposeCore();
}
