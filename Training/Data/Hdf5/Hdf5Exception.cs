namespace FlowRatio.Training.Data.Hdf5;

/// <summary>A call of the HDF5 library failed, or what it returned cannot be used.</summary>
/// <param name="message">What the library said, or what is wrong.</param>
internal class Hdf5Exception(string message) : Exception(message);
