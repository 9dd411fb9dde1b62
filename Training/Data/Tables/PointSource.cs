namespace FlowRatio.Training.Data.Tables;

/// <summary>Coordinates of a file's rows, open for reading in parts.</summary>
internal abstract class PointSource : IDisposable
{
    /// <summary>Number of coordinates of a row.</summary>
    public abstract int Dimension { get; }

    /// <summary>Coordinates of some rows, row-major; they need not be finite.</summary>
    public abstract double[] Read(long first, int count);

    /// <summary>A coordinate in words, for messages.</summary>
    public abstract string Describe(int coordinate);

    /// <inheritdoc/>
    public abstract void Dispose();
}
