using FlowRatio.Kernels;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Emulation;
using FlowRatio.Tests.Kernels.Emulation.Ptx;

namespace FlowRatio.Tests.Support;

/// <content>Backends whose products are kernels in PTX.</content>
public static partial class TestBackends
{
    /// <summary>Fixture source: the emulated device with PTX run by <see cref="PtxMachine"/>, one per precision.</summary>
    public static IEnumerable<TestFixtureData> Products =>
    [
        WithProducts("ptx-fp32", ProductPrecision.Fp32, ThreadOrder.Ascending),
        WithProducts("ptx-tf32", ProductPrecision.Tf32, ThreadOrder.Descending),
        WithProducts("ptx-3xtf32", ProductPrecision.ThreeTf32, ThreadOrder.Descending),
    ];

    private static TestFixtureData WithProducts(string name, ProductPrecision precision, ThreadOrder order) =>
        Entry(name, () => new DeviceBackend(new EmulatedDevice(products: new PtxMachine(order)), precision));
}
