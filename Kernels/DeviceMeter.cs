using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Speed;

namespace FlowRatio.Kernels;

/// <summary>Times work on a device by the device's own clock, counts what is asked of it, and measures its two ceilings.</summary>
public sealed class DeviceMeter
{
    private readonly Device device;

    private DeviceMeter(Device device) => this.device = device;

    /// <summary>Whether the device multiplies by tensor cores too: <see cref="ProductPrecision.Tf32"/> and <see cref="ProductPrecision.ThreeTf32"/>.</summary>
    public bool HasTensorCores => device.RunsProducts;

    /// <summary>Kernel launches asked for since the start.</summary>
    public long Launches => device.Launches;

    /// <summary>Calls of the driver that submitted work since the start: single launches, graphs, changes of a graph's arguments.</summary>
    public long Submissions => device.Submissions;

    /// <summary>Graphs launched since the start.</summary>
    public long GraphLaunches => device.GraphLaunches;

    /// <summary>Times since the start that the driver refused a graph, so that its launches went one by one.</summary>
    public long RefusedGraphs => device.RefusedGraphs;

    /// <summary>The most memory in bytes that buffers took since the start, or since <see cref="ResetPeak"/>.</summary>
    public long PeakBytes => device.PeakBytes;

    /// <summary>Counts <see cref="PeakBytes"/> from now on.</summary>
    public void ResetPeak() => device.ResetPeak();

    /// <summary>Whether repeated launches become graphs.</summary>
    public bool KeepsGraphs => device.KeepsGraphs;

    /// <summary>The meter of a backend that <see cref="DeviceCatalog.Open"/> made; null for other backends.</summary>
    public static DeviceMeter? Of(ComputeBackend backend) => backend is DeviceBackend own ? new DeviceMeter(own.Device) : null;

    /// <summary>Milliseconds of device time for what is asked for.</summary>
    public double Milliseconds(Action work) => device.Measure(work);

    /// <summary>Waits until everything that was asked for is done.</summary>
    public void Synchronize() => device.Synchronize();

    /// <summary>Bytes read and written per second while memory is copied, in 10^9 bytes per second, one value per repetition.</summary>
    /// <param name="bytes">Bytes to copy; several times the cache.</param>
    /// <param name="repetitions">Repetitions, after one that does not count.</param>
    public double[] CopyRates(long bytes, int repetitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, sizeof(float) * Float4.Count);
        int count = checked((int)(bytes / (sizeof(float) * Float4.Count)));
        using DeviceMemory<Float4> source = device.Allocate<Float4>(count), target = device.Allocate<Float4>(count);
        var kernel = new CopyKernel { Source = source.View, Target = target.View, Count = count };
        double moved = 2.0 * count * Float4.Count * sizeof(float);
        return Rates(kernel, LaunchShape.Elements(count), moved / 1e6, repetitions);
    }

    /// <summary>Multiply-adds in float32, in 10^12 operations per second (two each), one value per repetition.</summary>
    /// <param name="groups">Groups of 256 threads; several per multiprocessor.</param>
    /// <param name="iterations">Rounds of 32 multiply-adds per thread.</param>
    /// <param name="repetitions">Repetitions, after one that does not count.</param>
    public double[] MultiplyAddRates(int groups, int iterations, int repetitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        int threads = checked(groups * LaunchShape.ElementThreads);
        using DeviceMemory<float> sums = device.Allocate<float>(threads);
        var kernel = new MultiplyAddKernel { Sums = sums.View, Iterations = iterations, Factor = 0.5f, Term = 1 };
        double operations = 2.0 * threads * iterations * MultiplyAddKernel.PerIteration;
        return Rates(kernel, LaunchShape.Elements(threads), operations / 1e9, repetitions);
    }

    private double[] Rates<TKernel>(TKernel kernel, LaunchShape shape, double perMillisecond, int repetitions)
        where TKernel : struct, IKernel<TKernel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        device.Measure(() => device.Launch(kernel, shape));
        return [.. Enumerable.Range(0, repetitions).Select(_ => perMillisecond / device.Measure(() => device.Launch(kernel, shape)))];
    }
}
