using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>The first coordinates of a matrix stored by its rows' entries that are not zero (compressed sparse rows).</summary>
internal sealed class SparsePoints : PointSource
{
    private readonly string name;
    private readonly long columns;
    private readonly Hdf5Dataset values;
    private readonly Hdf5Dataset indices;
    private readonly Hdf5Dataset starts;

    /// <summary>Opens a matrix.</summary>
    /// <param name="group">The group with its three lists.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="dimension">How many of its columns.</param>
    public SparsePoints(Hdf5Object group, string name, long rows, long columns, int dimension)
    {
        this.name = name;
        this.columns = columns;
        Dimension = dimension;
        values = group.OpenDataset("data");
        indices = group.OpenDataset("indices");
        starts = group.OpenDataset("indptr");
        if (starts.Shape.Length != 1 || starts.Shape[0] != rows + 1 || values.Shape.Length != 1 || !values.Shape.AsSpan().SequenceEqual(indices.Shape))
        {
            Dispose();
            throw new Hdf5Exception(
                $"{group.Location} has {string.Join(" x ", values.Shape)} values, {string.Join(" x ", indices.Shape)} indices and {string.Join(" x ", starts.Shape)} starts for {rows} rows");
        }
    }

    /// <inheritdoc/>
    public override int Dimension { get; }

    /// <inheritdoc/>
    public override double[] Read(long first, int count)
    {
        long[] ends = starts.ReadInt64([first], [count + 1]);
        long begin = ends[0], end = ends[count];
        for (int r = 0; r < count; r++)
        {
            // No row has more entries than columns: so a damaged list cannot ask for much more memory than the points themselves.
            if (ends[r] < 0 || ends[r + 1] < ends[r] || ends[r + 1] - ends[r] > columns || ends[r + 1] > values.Shape[0])
            {
                throw new Hdf5Exception($"{starts.Location} has the starts {ends[r]} and {ends[r + 1]} at row {first + r + 1}; there are {values.Shape[0]} values in {columns} columns");
            }
        }

        double[] entries = values.ReadDouble([begin], [end - begin]);
        long[] positions = indices.ReadInt64([begin], [end - begin]);
        double[] points = new double[count * Dimension];
        for (int r = 0; r < count; r++)
        {
            for (long i = ends[r] - begin; i < ends[r + 1] - begin; i++)
            {
                if (positions[i] < 0 || positions[i] >= columns)
                {
                    throw new Hdf5Exception($"{indices.Location} has the column {positions[i]} in row {first + r + 1}; there are {columns}");
                }

                if (positions[i] < Dimension)
                {
                    // Entries of one place add up, as in scipy.
                    points[(r * Dimension) + positions[i]] += entries[i];
                }
            }
        }

        return points;
    }

    /// <inheritdoc/>
    public override string Describe(int coordinate) => $"'{name}', coordinate {coordinate + 1}";

    /// <inheritdoc/>
    public override void Dispose()
    {
        values.Dispose();
        indices.Dispose();
        starts.Dispose();
    }
}
