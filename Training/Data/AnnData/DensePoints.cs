using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>The first coordinates of a dense matrix.</summary>
/// <param name="matrix">The matrix <c>[rows, columns]</c>, which is closed with this.</param>
/// <param name="name">Its name, for messages.</param>
/// <param name="dimension">How many of its columns.</param>
internal sealed class DensePoints(Hdf5Dataset matrix, string name, int dimension) : PointSource
{
    // A chunk is unpacked as a whole each time; one band of chunks is kept where blocks are smaller than it.
    private const long LargestBand = 1L << 26;

    private double[] band = [];
    private long bandFirst;

    /// <inheritdoc/>
    public override int Dimension => dimension;

    /// <inheritdoc/>
    public override double[] Read(long first, int count)
    {
        if (count >= matrix.ChunkRows || matrix.ChunkRows * dimension > LargestBand)
        {
            return matrix.ReadDouble([first, 0], [count, dimension]);
        }

        double[] points = new double[count * dimension];
        for (int done = 0; done < count;)
        {
            long row = first + done;
            if (band.Length == 0 || row < bandFirst || row >= bandFirst + (band.Length / dimension))
            {
                bandFirst = row / matrix.ChunkRows * matrix.ChunkRows;
                band = matrix.ReadDouble([bandFirst, 0], [Math.Min(matrix.ChunkRows, matrix.Shape[0] - bandFirst), dimension]);
            }

            int offset = (int)(row - bandFirst) * dimension;
            int length = Math.Min(points.Length - (done * dimension), band.Length - offset);
            band.AsSpan(offset, length).CopyTo(points.AsSpan(done * dimension));
            done += length / dimension;
        }

        return points;
    }

    /// <inheritdoc/>
    public override string Describe(int coordinate) => $"'{name}', coordinate {coordinate + 1}";

    /// <inheritdoc/>
    public override void Dispose() => matrix.Dispose();
}
