namespace FlowRatio.Engine.Models;

/// <summary>Element types of a <see cref="SafetensorsTensor"/>, by their names in the file.</summary>
public enum SafetensorsType
{
    /// <summary>float32.</summary>
    F32,

    /// <summary>float64.</summary>
    F64,

    /// <summary>Signed 64-bit integers.</summary>
    I64,
}
