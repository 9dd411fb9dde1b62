namespace FlowRatio.Training.Data.Tables;

/// <summary>How the file of a <see cref="NumberColumn"/> stores its numbers.</summary>
public enum NumberStorage
{
    /// <summary>float64, or text.</summary>
    Real64,

    /// <summary>float32 or shorter.</summary>
    Real32,

    /// <summary>Whole numbers.</summary>
    Whole,
}
