using System.Runtime.Intrinsics.X86;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Kernels;

namespace FlowRatio.Tests.Support;

/// <summary>
/// Every backend that must pass the contract tests in this process; cards and OpenCL run them by the command <c>gpu</c>, the emulation in an assembly of its own.
/// A new backend is one more line in <see cref="All"/>.
/// </summary>
public static class TestBackends
{
    /// <summary>A device to run alone, with how it multiplies and whether it keeps graphs, in place of all backends; null for all.</summary>
    public static (string Name, ProductPrecision Precision, bool Graphs)? Only { get; set; }

    /// <summary>Fixture source: one factory per backend.</summary>
    public static IEnumerable<TestFixtureData> All => Only is { } device
        ? [Entry(device.Name, () => DeviceCatalog.Open(device.Name, 0, device.Precision, device.Graphs))]
        : AllBackends;

    private static IEnumerable<TestFixtureData> AllBackends =>
    [
        Entry("reference", () => new ReferenceBackend()),
        .. CpuKernelSets().Select(kernels => Entry($"cpu-{kernels.Name}", () => new CpuBackend(threads: 1, kernels))),
        Entry("cpu-2-threads", () => new CpuBackend(threads: 2)),
    ];

    /// <summary>The kernels of every instruction set that this machine runs.</summary>
    public static IEnumerable<TestFixtureData> Kernels => CpuKernelSets().Select(set => new TestFixtureData(set).SetArgDisplayNames(set.Name));

    private static IEnumerable<CpuKernels> CpuKernelSets()
    {
        if (Avx512F.IsSupported)
        {
            yield return new CpuKernels512();
        }

        if (Avx2.IsSupported && Fma.IsSupported)
        {
            yield return new CpuKernels256();
        }

        yield return new CpuKernels128();
    }

    private static TestFixtureData Entry(string name, Func<ComputeBackend> create) =>
        new TestFixtureData(create).SetArgDisplayNames(name);
}
