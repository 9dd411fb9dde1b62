namespace FlowRatio.Training.Data.Tables;

/// <summary>Formats of tables.</summary>
internal enum TableFormat
{
    /// <summary>Text with a line per row, perhaps compressed.</summary>
    Delimited,

    /// <summary>One numpy array.</summary>
    Npy,

    /// <summary>Several numpy arrays.</summary>
    Npz,

    /// <summary>HDF5 with the layout of anndata.</summary>
    AnnData,
}
