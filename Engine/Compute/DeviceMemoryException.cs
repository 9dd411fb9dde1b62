namespace FlowRatio.Engine.Compute;

/// <summary>A device has not enough free memory for an allocation.</summary>
public sealed class DeviceMemoryException : Exception
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Creates the error with both sizes in the message.</summary>
    /// <param name="device">Name of the device.</param>
    /// <param name="requestedBytes">Size of the allocation that failed.</param>
    /// <param name="freeBytes">Memory that was free at that moment.</param>
    /// <param name="totalBytes">Memory of the device.</param>
    /// <param name="innerException">The driver's error, if any.</param>
    public DeviceMemoryException(
        string device, long requestedBytes, long freeBytes, long totalBytes, Exception? innerException = null)
        : base(
            $"{device} has {freeBytes / Mebibyte:F1} MiB free of {totalBytes / Mebibyte:F1} MiB, "
            + $"and {requestedBytes / Mebibyte:F1} MiB more are needed.",
            innerException)
    {
        RequestedBytes = requestedBytes;
        FreeBytes = freeBytes;
    }

    /// <summary>Creates an error with advice added to the message of another.</summary>
    /// <param name="error">The error.</param>
    /// <param name="advice">What to do, one sentence.</param>
    public DeviceMemoryException(DeviceMemoryException error, string advice)
        : base($"{error?.Message} {advice}", error)
    {
        ArgumentNullException.ThrowIfNull(error);
        RequestedBytes = error.RequestedBytes;
        FreeBytes = error.FreeBytes;
    }

    /// <summary>Size of the allocation that failed, in bytes.</summary>
    public long RequestedBytes { get; }

    /// <summary>Memory that was free at that moment, in bytes.</summary>
    public long FreeBytes { get; }
}
