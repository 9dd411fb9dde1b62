using FlowRatio.Engine.Compute;
using FlowRatio.Kernels;
using FlowRatio.Kernels.Backend;

namespace FlowRatio.Tests.Kernels;

/// <summary>Device memory is freed with the backend.</summary>
public sealed class DeviceMemoryTests
{
    [Test]
    public void A_disposed_backend_holds_no_memory()
    {
        var backend = (DeviceBackend)DeviceCatalog.Open(DeviceCatalog.Available[0]);
        Matrix forgotten = backend.CreateMatrix(3, 5);
        backend.Dispose();
        Assert.That((backend.Device.LiveBuffers, backend.Device.LiveBytes), Is.EqualTo((0, 0L)));
        forgotten.Dispose();
    }
}
