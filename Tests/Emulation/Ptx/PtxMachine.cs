using System.Runtime.InteropServices;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>Runs products in PTX, group after group: proves without a card that their indices, fragments, copies and barriers are right.</summary>
/// <param name="order">Which warp goes first between barriers.</param>
/// <param name="change">Changes the text of kernels first, for tests of the machine itself.</param>
internal sealed class PtxMachine(ThreadOrder order = ThreadOrder.Ascending, Func<string, string>? change = null) : IProductMachine
{
    private readonly Dictionary<ProductKernel, PtxProgram> programs = [];

    /// <summary>Kernels that have run.</summary>
    public IEnumerable<ProductVariant> Variants => programs.Keys.Select(kernel => kernel.Variant);

    public void Run(ProductKernel kernel, in ProductArguments arguments, LaunchShape shape, Func<ulong, int, bool> isMemory)
    {
        if (!programs.TryGetValue(kernel, out PtxProgram? program))
        {
            program = new PtxProgram(change is null ? kernel.Text : change(kernel.Text));
            programs.Add(kernel, program);
        }

        byte[] bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in arguments, 1)).ToArray();
        for (int z = 0; z < shape.Z; z++)
        {
            for (int y = 0; y < shape.Y; y++)
            {
                for (int x = 0; x < shape.X; x++)
                {
                    new PtxGroup(program, bytes, (x, y, z), shape.Threads, kernel.SharedBytes, isMemory)
                        .Run(order == ThreadOrder.Descending);
                }
            }
        }
    }
}
