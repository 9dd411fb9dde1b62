using FlowRatio.Kernels.Devices;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace FlowRatio.Kernels.Ilgpu;

/// <summary>Makes the PTX of kernels without a card, to look at and to test.</summary>
internal sealed class PtxCompiler : IDisposable
{
    private readonly Context context = Context.Create(_ => { });
    private readonly PTXBackend backend;

    /// <summary>Prepares a compiler for one architecture.</summary>
    /// <param name="major">Compute capability, 8 for sm_80.</param>
    /// <param name="minor">Compute capability, 0 for sm_80.</param>
    public PtxCompiler(int major, int minor)
    {
        var architecture = new CudaArchitecture(major, minor);
        backend = new PTXBackend(
            context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, nvvmAPI: null);
    }

    /// <summary>The PTX of a kernel.</summary>
    public string Compile<TKernel>()
        where TKernel : struct, IKernel<TKernel>
    {
        Action<TKernel> run = TKernel.Run;
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(run.Method);
        return ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        backend.Dispose();
        context.Dispose();
    }
}
