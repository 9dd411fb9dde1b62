using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>The first coordinates of a two-dimensional array in either order.</summary>
/// <param name="bytes">The array, which is closed with this.</param>
/// <param name="header">Its header.</param>
/// <param name="name">Its name, for messages.</param>
/// <param name="dimension">How many of its columns.</param>
internal sealed class NpyPoints(ByteSource bytes, NpyHeader header, string name, int dimension) : PointSource
{
    /// <inheritdoc/>
    public override int Dimension => dimension;

    /// <inheritdoc/>
    public override double[] Read(long first, int count)
    {
        double[] points = new double[count * dimension];
        int size = header.Type.Bytes;
        long rows = header.Shape[0], columns = header.Shape[1];
        if (!header.IsFortran)
        {
            // Row by row, so that wide rows of which few coordinates are wanted take no more memory than these.
            long rowBytes = columns * size;
            int rowsAtOnce = dimension == columns ? count : 1;
            byte[] buffer = new byte[checked(rowsAtOnce * dimension * size)];
            for (int r = 0; r < count; r += rowsAtOnce)
            {
                bytes.Read(header.DataOffset + ((first + r) * rowBytes), buffer);
                NpyDecoder.ToDouble(buffer, header.Type, points.AsSpan(r * dimension, rowsAtOnce * dimension));
            }

            return points;
        }

        byte[] column = new byte[checked(count * size)];
        double[] values = new double[count];
        for (int j = 0; j < dimension; j++)
        {
            bytes.Read(header.DataOffset + (((j * rows) + first) * size), column);
            NpyDecoder.ToDouble(column, header.Type, values);
            for (int r = 0; r < count; r++)
            {
                points[(r * dimension) + j] = values[r];
            }
        }

        return points;
    }

    /// <inheritdoc/>
    public override string Describe(int coordinate) => $"'{name}', coordinate {coordinate + 1}";

    /// <inheritdoc/>
    public override void Dispose() => bytes.Dispose();
}
