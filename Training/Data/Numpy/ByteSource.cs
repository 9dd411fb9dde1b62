namespace FlowRatio.Training.Data.Numpy;

/// <summary>Bytes of a known number that are read in parts.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Whether going back costs no more than going on.</summary>
    public abstract bool IsRandomAccess { get; }

    /// <summary>Reads a part that lies inside.</summary>
    /// <exception cref="InvalidDataException">The bytes are not there, or damaged.</exception>
    public abstract void Read(long offset, Span<byte> bytes);

    /// <inheritdoc/>
    public abstract void Dispose();
}
