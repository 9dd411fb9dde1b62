namespace FlowRatio.Training.Data.Hdf5;

/// <summary>Classes of element types, by the library's numbers.</summary>
internal enum Hdf5Class
{
    /// <summary>Whole numbers of any width.</summary>
    Integer = 0,

    /// <summary>Floating-point numbers of any width.</summary>
    Float = 1,

    /// <summary>Texts.</summary>
    Text = 3,

    /// <summary>Records of several fields.</summary>
    Compound = 6,

    /// <summary>References to objects.</summary>
    Reference = 7,

    /// <summary>Named integers; h5py stores truth values so.</summary>
    Enumeration = 8,

    /// <summary>Sequences of any length.</summary>
    Sequence = 9,
}
