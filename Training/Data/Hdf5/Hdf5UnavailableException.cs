namespace FlowRatio.Training.Data.Hdf5;

/// <summary>The HDF5 library is not on this machine; the message says how to install it.</summary>
/// <param name="message">What was looked for, and the command.</param>
public sealed class Hdf5UnavailableException(string message) : InvalidOperationException(message);
