namespace FlowRatio.Training.Data.Hdf5;

/// <summary>A data set has elements of a class that is not read, such as records.</summary>
/// <param name="message">Which.</param>
internal sealed class Hdf5TypeException(string message) : Hdf5Exception(message);
