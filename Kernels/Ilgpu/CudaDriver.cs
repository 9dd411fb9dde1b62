using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>
/// The few functions of the driver that ILGPU does not bind: graphs, and more than 48 KiB of shared memory. Graphs need a driver of
/// CUDA 11.4 or later; where one function is missing, <see cref="HasGraphs"/> is false and none is called.
/// </summary>
internal static unsafe class CudaDriver
{
    private const int MaxDynamicSharedBytes = 8;
    private const int RelaxedCapture = 2;
    private const int ActiveCapture = 1;
    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<nint, int, int, CudaError> FuncSetAttribute =
        (delegate* unmanaged<nint, int, int, CudaError>)Find("cuFuncSetAttribute");

    private static readonly delegate* unmanaged<nint, int, CudaError> StreamBeginCapture =
        (delegate* unmanaged<nint, int, CudaError>)Find("cuStreamBeginCapture_v2");

    private static readonly delegate* unmanaged<nint, nint*, CudaError> StreamEndCapture =
        (delegate* unmanaged<nint, nint*, CudaError>)Find("cuStreamEndCapture");

    private static readonly delegate* unmanaged<nint, int*, ulong*, nint*, nint**, nuint*, CudaError> StreamGetCaptureInfo =
        (delegate* unmanaged<nint, int*, ulong*, nint*, nint**, nuint*, CudaError>)Find("cuStreamGetCaptureInfo_v2");

    private static readonly delegate* unmanaged<nint*, nint, ulong, CudaError> GraphInstantiate =
        (delegate* unmanaged<nint*, nint, ulong, CudaError>)Find("cuGraphInstantiateWithFlags");

    private static readonly delegate* unmanaged<nint, KernelNode*, CudaError> GraphKernelNodeGetParams =
        (delegate* unmanaged<nint, KernelNode*, CudaError>)Find("cuGraphKernelNodeGetParams");

    private static readonly delegate* unmanaged<nint, nint, KernelNode*, CudaError> GraphExecKernelNodeSetParams =
        (delegate* unmanaged<nint, nint, KernelNode*, CudaError>)Find("cuGraphExecKernelNodeSetParams");

    private static readonly delegate* unmanaged<nint, nint, CudaError> GraphLaunch =
        (delegate* unmanaged<nint, nint, CudaError>)Find("cuGraphLaunch");

    private static readonly delegate* unmanaged<nint, CudaError> GraphExecDestroy =
        (delegate* unmanaged<nint, CudaError>)Find("cuGraphExecDestroy");

    private static readonly delegate* unmanaged<nint, CudaError> GraphDestroy =
        (delegate* unmanaged<nint, CudaError>)Find("cuGraphDestroy");

    /// <summary>Whether the driver has all that graphs need.</summary>
    public static bool HasGraphs =>
        StreamBeginCapture is not null && StreamEndCapture is not null && StreamGetCaptureInfo is not null && GraphInstantiate is not null
        && GraphKernelNodeGetParams is not null && GraphExecKernelNodeSetParams is not null && GraphLaunch is not null
        && GraphExecDestroy is not null && GraphDestroy is not null;

    /// <summary>Lets a function have so much shared memory per group.</summary>
    public static void AllowSharedMemory(nint function, int bytes) =>
        CudaException.ThrowIfFailed(FuncSetAttribute(function, MaxDynamicSharedBytes, bytes));

    /// <summary>From here on launches on a stream become nodes of a graph.</summary>
    public static bool TryBeginCapture(nint stream) => StreamBeginCapture(stream, RelaxedCapture) == CudaError.CUDA_SUCCESS;

    /// <summary>The node that the last launch became.</summary>
    public static bool TryGetLastNode(nint stream, out nint node)
    {
        int status;
        ulong id;
        nint graph;
        nint* dependencies;
        nuint count;
        CudaError error = StreamGetCaptureInfo(stream, &status, &id, &graph, &dependencies, &count);
        bool isThere = error == CudaError.CUDA_SUCCESS && status == ActiveCapture && count == 1;
        node = isThere ? dependencies[0] : 0;
        return isThere;
    }

    /// <summary>Ends a capture.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="graph">The graph, to be destroyed by the caller; 0 where the driver gives none.</param>
    public static bool TryEndCapture(nint stream, out nint graph)
    {
        nint captured = 0;
        CudaError error = StreamEndCapture(stream, &captured);
        graph = captured;
        return error == CudaError.CUDA_SUCCESS && captured != 0;
    }

    /// <summary>Makes a graph ready for launches.</summary>
    public static bool TryInstantiate(nint graph, out nint executable)
    {
        nint made = 0;
        CudaError error = GraphInstantiate(&made, graph, 0);
        executable = made;
        return error == CudaError.CUDA_SUCCESS;
    }

    /// <summary>Gives a launch of a ready graph the arguments of another launch of the same kernel.</summary>
    /// <param name="executable">The ready graph.</param>
    /// <param name="node">The launch, as a node of the graph that it was made from.</param>
    /// <param name="model">A node with the arguments.</param>
    public static bool TrySetArguments(nint executable, nint node, nint model)
    {
        // The argument values stay the model's own; the driver copies them.
        KernelNode parameters = default;
        return GraphKernelNodeGetParams(model, &parameters) == CudaError.CUDA_SUCCESS
            && GraphExecKernelNodeSetParams(executable, node, &parameters) == CudaError.CUDA_SUCCESS;
    }

    /// <summary>Launches a ready graph.</summary>
    public static bool TryLaunch(nint executable, nint stream) => GraphLaunch(executable, stream) == CudaError.CUDA_SUCCESS;

    /// <summary>Destroys a ready graph; errors at this point mean that the device is gone already.</summary>
    public static void DestroyExecutable(nint executable) => _ = GraphExecDestroy(executable);

    /// <summary>Destroys a graph.</summary>
    public static void DestroyGraph(nint graph) => _ = GraphDestroy(graph);

    private static nint Load()
    {
        string name = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        return NativeLibrary.TryLoad(name, out nint library) ? library : 0;
    }

    private static nint Find(string name) =>
        Library != 0 && NativeLibrary.TryGetExport(Library, name, out nint function) ? function : 0;

    /// <summary>CUDA_KERNEL_NODE_PARAMS, first version: what the functions without a number in their name take.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct KernelNode
    {
        public nint Function;
        public uint GridX;
        public uint GridY;
        public uint GridZ;
        public uint BlockX;
        public uint BlockY;
        public uint BlockZ;
        public uint SharedBytes;
        public void** Parameters;
        public void** Extra;
    }
}
