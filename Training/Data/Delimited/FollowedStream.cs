namespace FlowRatio.Training.Data.Delimited;

/// <summary>A stream and, after its end, another.</summary>
/// <param name="first">The stream.</param>
/// <param name="second">The other.</param>
internal sealed class FollowedStream(Stream first, Stream second) : Stream
{
    private bool isFirst = true;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (isFirst)
        {
            int read = first.Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            isFirst = false;
        }

        return second.Read(buffer);
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
