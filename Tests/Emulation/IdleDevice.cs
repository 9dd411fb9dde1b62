using FlowRatio.Kernels.Devices;

namespace FlowRatio.Tests.Emulation;

/// <summary>A device that has memory but runs no kernel: for tests that count what is asked of a device.</summary>
internal sealed class IdleDevice : Device
{
    public override string Name => "idle";

    public override string Description => "runs nothing";

    public override long FreeBytes => TotalBytes - LiveBytes;

    public override long TotalBytes => 1L << 30;

    protected override void SynchronizeCore()
    {
    }

    protected override DeviceMemory<T> AllocateCore<T>(long length) => new EmulatedDeviceMemory<T>(this, length);

    internal override void LaunchCore<TKernel>(in TKernel kernel, LaunchShape shape)
    {
    }

    protected override void DisposeCore()
    {
    }
}
