namespace FlowRatio.Kernels.Devices;

/// <summary>A device was asked for that this machine or this build does not have; the message says the way out.</summary>
public sealed class DeviceUnavailableException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence, with the way out.</param>
    /// <param name="innerException">What the driver said, if anything.</param>
    public DeviceUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
