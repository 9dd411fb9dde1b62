using Microsoft.Win32.SafeHandles;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>The bytes of a file.</summary>
internal sealed class FileBytes : ByteSource
{
    private readonly SafeFileHandle file;

    /// <summary>Opens a file.</summary>
    public FileBytes(string path)
    {
        file = File.OpenHandle(path);
        Length = RandomAccess.GetLength(file);
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override bool IsRandomAccess => true;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
            {
                throw new InvalidDataException($"the file ends at byte {offset}");
            }

            offset += read;
            bytes = bytes[read..];
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();
}
