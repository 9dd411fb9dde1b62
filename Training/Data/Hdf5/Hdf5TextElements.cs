using System.IO.Compression;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// The elements of a list of texts of variable length as they lie in the file: in one piece, in chunks (plain, shuffled, deflated), or in the
/// object's header.
/// </summary>
/// <param name="dataset">The open list.</param>
internal sealed unsafe class Hdf5TextElements(Hdf5Dataset dataset)
{
    /// <summary>Bytes of an element: length, address of a heap, number of an object.</summary>
    public const int ElementBytes = 16;

    private const ulong Nowhere = ulong.MaxValue;
    private const int Deflate = 1;
    private const int Shuffle = 2;

    private readonly delegate* unmanaged[Cdecl]<long, ulong*, ulong*, int> chunkSize =
        (delegate* unmanaged[Cdecl]<long, ulong*, ulong*, int>)Hdf5Library.Instance.Optional("H5Dget_chunk_storage_size");

    private readonly delegate* unmanaged[Cdecl]<long, long, ulong*, uint*, void*, int> readChunk =
        (delegate* unmanaged[Cdecl]<long, long, ulong*, uint*, void*, int>)(Hdf5Library.Instance.Optional("H5Dread_chunk") is not 0 and var address
            ? address
            : Hdf5Library.Instance.Optional("H5Dread_chunk1"));

    private byte[] chunk = [];
    private long chunkNumber = -1;

    /// <summary>Whether this list can be read here; else the library must.</summary>
    public bool IsReadable => dataset.Shape.Length == 1
        && (!dataset.IsChunked || (chunkSize is not null && readChunk is not null && dataset.Filters.All(filter => filter is Deflate or Shuffle)));

    /// <summary>Elements of some rows.</summary>
    /// <exception cref="Hdf5Exception">They are not in the file, or damaged.</exception>
    public byte[] Read(long first, int count)
    {
        if (count == 0)
        {
            return [];
        }

        byte[] elements = new byte[checked(count * ElementBytes)];
        if (!dataset.IsChunked)
        {
            if (dataset.Address is not Nowhere and var address)
            {
                dataset.File.Read(address + ((ulong)first * ElementBytes), elements);
                return elements;
            }

            ReadOnlyMemory<byte> compact = dataset.Header().CompactData() ?? throw new Hdf5Exception($"{dataset.Location} has no data");
            return compact.Length >= (first + count) * ElementBytes
                ? compact.Slice((int)first * ElementBytes, elements.Length).ToArray()
                : throw new Hdf5Exception($"{dataset.Location} has {compact.Length} bytes of data");
        }

        for (long row = first; row < first + count;)
        {
            long number = row / dataset.ChunkRows;
            if (number != chunkNumber)
            {
                chunk = ReadChunk(number * dataset.ChunkRows);
                chunkNumber = number;
            }

            int offset = (int)(row % dataset.ChunkRows) * ElementBytes;
            int length = (int)Math.Min(chunk.Length - offset, (first + count - row) * ElementBytes);
            chunk.AsSpan(offset, length).CopyTo(elements.AsSpan((int)(row - first) * ElementBytes));
            row += length / ElementBytes;
        }

        return elements;
    }

    private byte[] ReadChunk(long row)
    {
        Hdf5Library library = Hdf5Library.Instance;
        byte[] stored;
        uint skipped = 0;
        lock (Hdf5Library.Gate)
        {
            ulong offset = (ulong)row, size = 0;
            _ = library.Check(chunkSize(dataset.Identifier, &offset, &size));
            if (size == 0 || size > (ulong)dataset.File.Length || size > (ulong)Array.MaxLength)
            {
                throw new Hdf5Exception($"the chunk of {dataset.Location} at row {row + 1} claims {size} bytes");
            }

            stored = new byte[size];
            fixed (byte* memory = stored)
            {
                _ = library.Check(readChunk(dataset.Identifier, 0, &offset, &skipped, memory));
            }
        }

        int length = checked((int)(dataset.ChunkRows * ElementBytes));
        for (int i = dataset.Filters.Count - 1; i >= 0; i--)
        {
            if ((skipped & (1u << i)) == 0)
            {
                stored = dataset.Filters[i] == Deflate ? Inflate(stored, length) : Unshuffle(stored);
            }
        }

        return stored.Length == length ? stored : throw new Hdf5Exception($"a chunk of {dataset.Location} has {stored.Length} bytes instead of {length}");
    }

    private byte[] Inflate(byte[] stored, int length)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(stored), CompressionMode.Decompress);
            byte[] content = new byte[length];
            stream.ReadExactly(content);

            // Reading on makes the stream compare its checksum.
            return stream.ReadByte() < 0 ? content : throw new Hdf5Exception($"a chunk of {dataset.Location} is longer than it should be");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new Hdf5Exception($"the compressed data of {dataset.Location} are damaged");
        }
    }

    private static byte[] Unshuffle(byte[] stored)
    {
        int elements = stored.Length / ElementBytes;
        byte[] content = (byte[])stored.Clone();
        for (int b = 0; b < ElementBytes; b++)
        {
            for (int i = 0; i < elements; i++)
            {
                content[(i * ElementBytes) + b] = stored[(b * elements) + i];
            }
        }

        return content;
    }
}
