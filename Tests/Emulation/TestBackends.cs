using FlowRatio.Engine.Compute;
using FlowRatio.Kernels;
using FlowRatio.Kernels.Backend;
using FlowRatio.Tests.Emulation.Ptx;

namespace FlowRatio.Tests.Support;

/// <summary>The emulated device, for the contract tests of this assembly.</summary>
public static class TestBackends
{
    /// <summary>Fixture source: kernels in C#, whose threads take turns first to last and last to first from launch to launch.</summary>
    public static IEnumerable<TestFixtureData> All => [Entry("emulated", () => new DeviceBackend(new EmulatedDevice()))];

    /// <summary>Fixture source: the emulated device with PTX run by <see cref="PtxMachine"/>, one per precision.</summary>
    public static IEnumerable<TestFixtureData> Products =>
    [
        WithProducts("ptx-fp32", ProductPrecision.Fp32, ThreadOrder.Ascending),
        WithProducts("ptx-tf32", ProductPrecision.Tf32, ThreadOrder.Descending),
        WithProducts("ptx-3xtf32", ProductPrecision.ThreeTf32, ThreadOrder.Descending),
    ];

    private static TestFixtureData WithProducts(string name, ProductPrecision precision, ThreadOrder order) =>
        Entry(name, () => new DeviceBackend(new EmulatedDevice(products: new PtxMachine(order)), precision));

    private static TestFixtureData Entry(string name, Func<ComputeBackend> create) =>
        new TestFixtureData(create).SetArgDisplayNames(name);
}
