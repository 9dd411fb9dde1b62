using System.IO.Compression;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>The bytes of an entry of a zip archive, read from front to back.</summary>
/// <param name="entry">The entry.</param>
internal sealed class EntryBytes(ZipArchiveEntry entry) : ByteSource
{
    private const int BlockBytes = 1 << 16;

    // The most that deflate can pack.
    private const long DeflateRatio = 1100;

    private Stream? stream;
    private long position;

    /// <inheritdoc/>
    public override long Length => entry.Length;

    /// <inheritdoc/>
    public override bool IsRandomAccess => false;

    /// <summary>Reads the entry once and compares it with its checksum, before anything in it is believed.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or claims more bytes than it can have.</exception>
    public void Verify()
    {
        if (entry.IsEncrypted)
        {
            throw new InvalidDataException("it is encrypted");
        }

        if (entry.Length / DeflateRatio > entry.CompressedLength)
        {
            throw new InvalidDataException($"it claims {entry.Length} bytes packed into {entry.CompressedLength}");
        }

        using Stream content = entry.Open();
        byte[] buffer = new byte[BlockBytes];
        long length = 0;
        var sum = new Crc32();
        for (int read; (read = content.Read(buffer)) > 0; length += read)
        {
            sum.Add(buffer.AsSpan(0, read));
            if (length > entry.Length)
            {
                break;
            }
        }

        if (length != entry.Length || sum.Value != entry.Crc32)
        {
            throw new InvalidDataException("its bytes do not have the length and checksum that the archive says; the file is damaged");
        }
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> bytes)
    {
        if (stream is null || offset < position)
        {
            stream?.Dispose();
            stream = entry.Open();
            position = 0;
        }

        byte[] skipped = offset > position ? new byte[Math.Min(BlockBytes, offset - position)] : [];
        while (position < offset)
        {
            ReadOn(skipped.AsSpan(0, (int)Math.Min(skipped.Length, offset - position)));
        }

        ReadOn(bytes);
    }

    /// <inheritdoc/>
    public override void Dispose() => stream?.Dispose();

    private void ReadOn(Span<byte> bytes)
    {
        int read = stream!.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        position += read;
        if (read < bytes.Length)
        {
            throw new InvalidDataException($"it ends at byte {position} instead of {entry.Length}");
        }
    }
}
