using FlowRatio.Kernels.Devices;
using ILGPU.Runtime.Cuda;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>
/// A graph of the driver, captured from the device's stream: launches are asked for as ever, and become nodes. Changed launches are
/// captured too, into a second graph that is never launched: the driver copies their arguments from there.
/// </summary>
internal sealed class CudaGraph : ILaunchGraph
{
    private readonly IlgpuDevice device;
    private readonly CudaAccelerator accelerator;
    private readonly nint stream;
    private readonly List<nint> nodes = [];
    private readonly List<(int Index, nint Model)> changes = [];
    private nint graph;
    private nint executable;
    private bool isCapturing;

    private CudaGraph(IlgpuDevice device, CudaAccelerator accelerator, nint stream)
    {
        (this.device, this.accelerator, this.stream) = (device, accelerator, stream);
        isCapturing = true;
    }

    /// <summary>Starts a graph; null where the driver cannot.</summary>
    public static CudaGraph? TryBegin(IlgpuDevice device, CudaAccelerator accelerator, CudaStream stream)
    {
        using var binding = accelerator.BindScoped();
        return CudaDriver.HasGraphs && CudaDriver.TryBeginCapture(stream.StreamPtr)
            ? new CudaGraph(device, accelerator, stream.StreamPtr)
            : null;
    }

    /// <inheritdoc/>
    public bool TryRecord(LaunchRecord launch)
    {
        using var binding = accelerator.BindScoped();
        nint node = 0;
        bool isRecorded = TryHand(launch) && CudaDriver.TryGetLastNode(stream, out node);
        nodes.Add(node);
        return isRecorded;
    }

    /// <inheritdoc/>
    public bool TryComplete()
    {
        using var binding = accelerator.BindScoped();
        isCapturing = false;
        return CudaDriver.TryEndCapture(stream, out graph) && CudaDriver.TryInstantiate(graph, out executable);
    }

    /// <inheritdoc/>
    public bool TryChange(int index, LaunchRecord launch)
    {
        using var binding = accelerator.BindScoped();
        isCapturing = isCapturing || CudaDriver.TryBeginCapture(stream);
        if (!isCapturing || !TryHand(launch) || !CudaDriver.TryGetLastNode(stream, out nint model))
        {
            return false;
        }

        changes.Add((index, model));
        return true;
    }

    /// <inheritdoc/>
    public bool TryLaunch()
    {
        using var binding = accelerator.BindScoped();
        return (!isCapturing || TryTakeChanges()) && CudaDriver.TryLaunch(executable, stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var binding = accelerator.BindScoped();
        if (isCapturing)
        {
            isCapturing = false;
            CudaDriver.TryEndCapture(stream, out nint unfinished);
            if (unfinished != 0)
            {
                CudaDriver.DestroyGraph(unfinished);
            }
        }

        if (executable != 0)
        {
            CudaDriver.DestroyExecutable(executable);
            executable = 0;
        }

        if (graph != 0)
        {
            CudaDriver.DestroyGraph(graph);
            graph = 0;
        }
    }

    /// <summary>Asks for a launch while the stream captures. What the driver refuses here it is asked for again outside, where the error, if it is one, is seen.</summary>
    private bool TryHand(LaunchRecord launch)
    {
        try
        {
            launch.HandTo(device);
            return true;
        }
        catch (CudaException)
        {
            return false;
        }
    }

    /// <summary>Ends the capture of changed launches, and gives their arguments to the ready graph; the captured nodes go with their graph.</summary>
    private bool TryTakeChanges()
    {
        isCapturing = false;
        if (!CudaDriver.TryEndCapture(stream, out nint models))
        {
            changes.Clear();
            return false;
        }

        bool areTaken = changes.TrueForAll(change => CudaDriver.TrySetArguments(executable, nodes[change.Index], change.Model));
        changes.Clear();
        CudaDriver.DestroyGraph(models);
        return areTaken;
    }
}
