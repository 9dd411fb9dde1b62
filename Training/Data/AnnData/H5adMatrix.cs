using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>A matrix of an h5ad file: dense, sparse by rows, or a data frame of numbers.</summary>
/// <param name="Name">Its name among the representations.</param>
/// <param name="Group">The group that it lies in; empty for the root.</param>
/// <param name="Child">Its name there.</param>
/// <param name="Encoding">How it is stored.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Dimension">Number of columns.</param>
/// <param name="Columns">Names of the columns of a data frame; empty otherwise.</param>
internal sealed record H5adMatrix(string Name, string Group, string Child, string Encoding, long Rows, int Dimension, string[] Columns)
{
    private const string Dense = "array";
    private const string SparseRows = "csr_matrix";
    private const string Frame = "dataframe";

    /// <summary>Looks at an object; null if it is no matrix.</summary>
    public static H5adMatrix? Describe(Hdf5Object parent, string group, string child, string name)
    {
        using Hdf5Object found = parent.Open(child);
        if (found is Hdf5Dataset dataset)
        {
            return dataset.Shape.Length == 2 && dataset.Class is Hdf5Class.Integer or Hdf5Class.Float
                ? Create(name, group, child, Dense, dataset.Shape, [])
                : null;
        }

        string? encoding = found.TextAttribute("encoding-type") ?? (found.TextAttribute("h5sparse_format") is { } old ? $"{old}_matrix" : null);
        if (encoding == Frame)
        {
            string index = H5adFile.IndexOf(found);
            string[] columns = H5adFile.ColumnsOf(found, index);
            long rows = 0;
            foreach (string column in columns)
            {
                using ColumnSource source = H5adColumn.Open(found, column);
                if (!source.IsNumeric)
                {
                    return null;
                }

                rows = source.Rows;
            }

            return Create(name, group, child, Frame, [rows, columns.Length], columns);
        }

        return encoding is not null && (found.IntegersAttribute("shape") ?? found.IntegersAttribute("h5sparse_shape")) is { Length: 2 } shape
            ? Create(name, group, child, encoding, shape, [])
            : null;
    }

    /// <summary>Opens the matrix.</summary>
    /// <param name="root">Root of the file.</param>
    /// <param name="rows">Number of rows of the table.</param>
    /// <param name="dimension">How many coordinates.</param>
    public PointSource Open(Hdf5Object root, long rows, int dimension)
    {
        if (Rows != rows)
        {
            throw new Hdf5Exception($"it has {Rows} rows; the table has {rows}");
        }

        using Hdf5Object? group = Group.Length > 0 ? root.Open(Group) : null;
        Hdf5Object parent = group ?? root;
        switch (Encoding)
        {
            case Dense:
                return new DensePoints(parent.OpenDataset(Child), Name, dimension);
            case SparseRows:
                using (Hdf5Object matrix = parent.Open(Child))
                {
                    return new SparsePoints(matrix, Name, Rows, Dimension, dimension);
                }

            case Frame:
                using (Hdf5Object frame = parent.Open(Child))
                {
                    return OpenFrame(frame, rows, dimension);
                }

            case "csc_matrix":
                throw new Hdf5Exception("it is stored by columns (csc), so rows cannot be read one after the other; store it with .tocsr()");
            default:
                throw new Hdf5Exception($"it is encoded as '{Encoding}'; dense and csr matrices can be read");
        }
    }

    private static H5adMatrix? Create(string name, string group, string child, string encoding, long[] shape, string[] columns) =>
        shape[0] >= 0 && shape[1] is > 0 and <= int.MaxValue
            ? new H5adMatrix(name, group, child, encoding, shape[0], (int)shape[1], columns)
            : null;

    private ColumnPoints OpenFrame(Hdf5Object frame, long rows, int dimension)
    {
        List<ColumnSource> opened = [];
        try
        {
            foreach (string column in Columns.Take(dimension))
            {
                opened.Add(H5adColumn.Open(frame, column));
                if (opened[^1].Rows != rows)
                {
                    throw new Hdf5Exception($"its column '{column}' has {opened[^1].Rows} rows; the table has {rows}");
                }
            }

            return new ColumnPoints([.. Columns.Take(dimension)], opened);
        }
        catch
        {
            opened.ForEach(column => column.Dispose());
            throw;
        }
    }
}
