using FlowRatio.Engine.Compute;

namespace FlowRatio.Tests.Support;

/// <summary>
/// Operands of one test on one backend, freed together. Memory that a test does not write is NaN rather than zero, so that an
/// output that is accumulated instead of overwritten, or a stale row that leaks into a sum, cannot pass.
/// </summary>
/// <param name="backend">The backend that holds the operands.</param>
public sealed class Workspace(ComputeBackend backend) : IDisposable
{
    private const int Margin = 3;

    // ILGPU's processor accelerator takes seconds for what a plain loop does in milliseconds.
    private const string SlowDevice = "ilgpu-cpu";
    private const int LargestOnSlowDevice = 700;
    private readonly List<IDisposable> owned = [];
    private readonly List<Matrix> viewed = [];

    /// <summary>The backend.</summary>
    public ComputeBackend Backend => backend;

    /// <summary>An input: host data placed in the backend.</summary>
    public Matrix Input(HostMatrix data, Placement placement = Placement.Whole)
    {
        ArgumentNullException.ThrowIfNull(data);
        Matrix matrix = Output(data.Rows, data.Columns, data.Segments, placement);
        int length = data.Rows * data.Columns;
        for (int s = 0; s < data.Segments; s++)
        {
            matrix.Write<float>(data.Values.AsSpan(s * length, length), s);
        }

        return matrix;
    }

    /// <summary>An output: NaN in every element.</summary>
    public Matrix Output(int rows, int columns, int segments = 1, Placement placement = Placement.Whole)
    {
        if (backend.Name == SlowDevice && rows * columns * segments > LargestOnSlowDevice)
        {
            Assert.Ignore($"[{segments}; {rows}, {columns}] is too large for {SlowDevice}; other devices run it.");
        }

        switch (placement)
        {
            case Placement.ColumnView:
                Matrix wide = Own(backend.CreateMatrix(rows, columns + (2 * Margin), segments));
                viewed.Add(wide);
                FillNaN(wide);
                return wide.ViewColumns(Margin, columns);
            case Placement.Resized:
                Matrix tall = Own(backend.CreateMatrix((2 * rows) + Margin, columns, segments));
                FillNaN(tall);
                tall.Resize(Math.Max(1, rows / 2));
                FillNaN(tall);
                tall.Resize(rows);
                FillNaN(tall);
                return tall;
            default:
                Matrix matrix = Own(backend.CreateMatrix(rows, columns, segments));
                FillNaN(matrix);
                return matrix;
        }
    }

    /// <summary>A flat buffer with the given values.</summary>
    public ParameterBuffer Parameters(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ParameterBuffer buffer = Own(backend.CreateParameters(values.Length));
        buffer.Write<float>(values);
        return buffer;
    }

    /// <summary>A weight or bias inside a larger buffer of NaN, at an odd offset; sliced: with a stride beyond its columns.</summary>
    public ParameterView Weight(HostMatrix data, bool sliced = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        int margin = sliced ? Margin : 0;
        int stride = data.Columns + (2 * margin);
        float[] values = new float[Margin + (data.Rows * stride) + Margin];
        Array.Fill(values, float.NaN);
        for (int i = 0; i < data.Rows; i++)
        {
            data.Values.AsSpan(i * data.Columns, data.Columns).CopyTo(values.AsSpan(Margin + (i * stride) + margin));
        }

        return new ParameterView(Parameters(values), Margin, data.Rows, stride, stride).SliceColumns(margin, data.Columns);
    }

    /// <summary>Indices.</summary>
    public IndexBuffer Indices(params int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        IndexBuffer indices = Own(backend.CreateIndices(values.Length));
        indices.Write(values);
        return indices;
    }

    /// <summary>Sums whose element (series, row) is <paramref name="start"/>(series, row), or NaN.</summary>
    public Accumulator Sums(int rows, int series = 1, Func<int, int, double>? start = null)
    {
        Accumulator sums = Own(backend.CreateAccumulator(rows, series));
        for (int s = 0; s < series; s++)
        {
            sums.Write(s, [.. Enumerable.Range(0, rows).Select(r => start is null ? double.NaN : start(s, r))]);
        }

        return sums;
    }

    /// <summary>A training batch.</summary>
    public PathBatch Batch(int rows, int dimension) => Own(new PathBatch(backend, rows, dimension));

    /// <summary>All segments of a matrix, one after the other.</summary>
    public static double[] Read(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int length = matrix.Rows * matrix.Columns;
        double[] values = new double[matrix.Segments * length];
        for (int s = 0; s < matrix.Segments; s++)
        {
            matrix.Read<double>(values.AsSpan(s * length, length), s);
        }

        return values;
    }

    /// <summary>All series of an accumulator, one after the other.</summary>
    public static double[] Read(Accumulator sums)
    {
        ArgumentNullException.ThrowIfNull(sums);
        double[] values = new double[sums.Series * sums.Rows];
        for (int s = 0; s < sums.Series; s++)
        {
            sums.Read(s, values.AsSpan(s * sums.Rows, sums.Rows));
        }

        return values;
    }

    /// <summary>A whole parameter buffer.</summary>
    public static double[] Read(ParameterBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        double[] values = new double[buffer.Length];
        buffer.Read<double>(values);
        return values;
    }

    /// <summary>The elements of a view of parameters, row after row.</summary>
    public static double[] Read(ParameterView view)
    {
        double[] all = Read(view.Buffer);
        return [.. Enumerable.Range(0, view.Rows).SelectMany(
            i => all.Skip(view.Offset + (i * view.Stride)).Take(view.Columns))];
    }

    /// <summary>All indices.</summary>
    public static int[] Read(IndexBuffer indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int[] values = new int[indices.Length];
        indices.Read(values);
        return values;
    }

    /// <summary>Frees the operands, after a check that nothing was written beside a column view.</summary>
    public void Dispose()
    {
        foreach (Matrix wide in viewed)
        {
            double[] values = Read(wide);
            int columns = wide.Columns;
            bool untouched = Enumerable.Range(0, values.Length).All(
                i => double.IsNaN(values[i]) || (i % columns >= Margin && i % columns < columns - Margin));
            Assert.That(untouched, "columns beside a view were written");
        }

        owned.ForEach(item => item.Dispose());
    }

    private static void FillNaN(Matrix matrix)
    {
        float[] values = new float[matrix.Rows * matrix.Columns];
        Array.Fill(values, float.NaN);
        for (int s = 0; s < matrix.Segments; s++)
        {
            matrix.Write<float>(values, s);
        }
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        owned.Add(item);
        return item;
    }
}
