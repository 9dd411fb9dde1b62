using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;

namespace FlowRatio.Tests.Emulation;

/// <summary>Runs products in PTX on the processor; the tests have one.</summary>
internal interface IProductMachine
{
    /// <summary>Runs a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="arguments">Its arguments; addresses are the process's own.</param>
    /// <param name="shape">Groups and threads.</param>
    /// <param name="isMemory">Whether so many bytes at an address are the device's.</param>
    void Run(ProductKernel kernel, in ProductArguments arguments, LaunchShape shape, Func<ulong, int, bool> isMemory);
}
