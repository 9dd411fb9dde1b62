namespace FlowRatio.Tests.Emulation;

/// <summary>Addresses of views, for kernels in PTX.</summary>
internal static class DeviceAddress
{
    /// <summary>Address of a view's first element.</summary>
    public static ulong Of<T>(ArrayView<T> view)
        where T : unmanaged => view.Address;
}
