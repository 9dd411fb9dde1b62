using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>
/// ILGPU asks for drivers by the plain names of development packages, <c>cuda</c> and <c>OpenCL</c>; machines that only run programs have
/// <c>libcuda.so.1</c> and <c>libOpenCL.so.1</c>. Where a plain name is not found, these are tried.
/// </summary>
internal static class DriverLibraries
{
    private static readonly Dictionary<string, string> Versioned = new()
    {
        ["cuda"] = "libcuda.so.1",
        ["OpenCL"] = "libOpenCL.so.1",
    };

    /// <summary>Answers for the plain names from now on; nothing is loaded yet.</summary>
    public static void Register() => RuntimeHelpers.RunClassConstructor(typeof(Registration).TypeHandle);

    private static nint Resolve(System.Reflection.Assembly assembly, string name) =>
        assembly == typeof(Context).Assembly && Versioned.TryGetValue(name, out string? file) && NativeLibrary.TryLoad(file, out nint library)
            ? library
            : 0;

    private static class Registration
    {
        // Once for the process. ILGPU sets a resolver of its own on WSL, and an assembly can have only one; this event is asked behind it.
        static Registration() => AssemblyLoadContext.GetLoadContext(typeof(Context).Assembly)!.ResolvingUnmanagedDll += Resolve;
    }
}
