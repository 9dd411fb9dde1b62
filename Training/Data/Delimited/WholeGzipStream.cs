using System.IO.Compression;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>
/// Unpacks a gzip file and notices when its end is missing, which <see cref="GZipStream"/> takes for the end of the data.
/// For this a gzip member of our own is read after the file: its content comes out at the very end exactly when the file's last member was
/// complete and nothing followed it.
/// </summary>
internal sealed class WholeGzipStream : Stream
{
    // Different for each file, so that no file can end with it on purpose.
    private readonly byte[] mark = Guid.NewGuid().ToByteArray();
    private readonly FileStream file;
    private readonly GZipStream unpacked;
    private readonly byte[] buffer = new byte[1 << 16];
    private int begin;
    private int end;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    public WholeGzipStream(string path)
    {
        file = File.OpenRead(path);
        var member = new MemoryStream();
        using (var packed = new GZipStream(member, CompressionLevel.NoCompression, leaveOpen: true))
        {
            packed.Write(mark);
        }

        member.Position = 0;
        unpacked = new GZipStream(new FollowedStream(file, member), CompressionMode.Decompress);
    }

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
    /// <exception cref="InvalidDataException">The file is damaged or not whole.</exception>
    public override int Read(Span<byte> destination)
    {
        // The last bytes are held back: they may turn out to be the mark.
        while (end - begin <= mark.Length)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            end -= begin;
            begin = 0;
            int read;
            try
            {
                read = unpacked.Read(buffer, end, buffer.Length - end);
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException("the gzip data are damaged or truncated", exception);
            }

            if (read == 0)
            {
                return buffer.AsSpan(0, end).SequenceEqual(mark)
                    ? 0
                    : throw new InvalidDataException("the gzip file is truncated or damaged, or something follows it");
            }

            end += read;
        }

        int count = Math.Min(destination.Length, end - begin - mark.Length);
        buffer.AsSpan(begin, count).CopyTo(destination);
        begin += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
