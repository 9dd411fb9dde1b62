namespace FlowRatio.Kernels.Devices;

/// <summary>
/// A sequence of launches that a device keeps and submits as one: recorded launch by launch, completed, then launched as a whole as
/// often as wanted, after changes of single launches' arguments.
/// </summary>
internal interface ILaunchGraph : IDisposable
{
    /// <summary>Records the next launch, without running it.</summary>
    /// <returns>False where the device cannot; nothing recorded will run then.</returns>
    bool TryRecord(LaunchRecord launch);

    /// <summary>Ends the recording.</summary>
    /// <returns>False where the device cannot make a graph of it.</returns>
    bool TryComplete();

    /// <summary>Changes the arguments of a launch from the next <see cref="TryLaunch"/> on; kernel and shape are the recorded ones.</summary>
    /// <param name="index">Its place in the recording.</param>
    /// <param name="launch">The launch with its new arguments.</param>
    /// <returns>False where the device cannot.</returns>
    bool TryChange(int index, LaunchRecord launch);

    /// <summary>Submits the whole.</summary>
    /// <returns>False where the device cannot; nothing of it runs then.</returns>
    bool TryLaunch();
}
