namespace FlowRatio.Training.Data.Numpy;

/// <summary>Bytes in memory.</summary>
/// <param name="content">The bytes.</param>
internal sealed class MemoryBytes(byte[] content) : ByteSource
{
    /// <inheritdoc/>
    public override long Length => content.Length;

    /// <inheritdoc/>
    public override bool IsRandomAccess => true;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> bytes) => content.AsSpan((int)offset, bytes.Length).CopyTo(bytes);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
