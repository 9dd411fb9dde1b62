using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// The bytes of an HDF5 file, for what the library does not read safely. Texts of variable length lie in global heaps; HDF5 1.10.8 follows
/// a damaged pointer to one beyond its memory. So these are read here, every size checked. The format is that of the "HDF5 File Format
/// Specification", version 3: superblock II.A, object headers IV.A, global heaps III.E.
/// </summary>
internal sealed partial class Hdf5Bytes : IDisposable
{
    private const int Unlock = 8;
    private const int SuperblockBytes = 80;
    private const int HeapHeaderBytes = 16;
    private const int ObjectHeaderBytes = 16;
    private const int Alignment = 8;
    private const long LargestHeap = 1 << 28;

    // A heap is a few kilobytes; consecutive texts share one.
    private const int MostHeaps = 256;

    private readonly SafeFileHandle file;
    private readonly Dictionary<ulong, Dictionary<uint, ReadOnlyMemory<byte>>> heaps = [];

    /// <summary>Opens a file and checks its superblock.</summary>
    /// <exception cref="Hdf5Exception">It is of a kind that nobody writes, or truncated.</exception>
    public Hdf5Bytes(string path)
    {
        file = File.OpenHandle(path, share: FileShare.ReadWrite);
        Length = RandomAccess.GetLength(file);
        if (!OperatingSystem.IsWindows())
        {
            // .NET locks what it opens, and HDF5 refuses to write what somebody has locked.
            _ = Lock((int)file.DangerousGetHandle(), Unlock);
        }

        try
        {
            RequireSuperblock();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Address of the root group.</summary>
    public ulong RootAddress { get; private set; }

    /// <summary>Reads bytes at an address.</summary>
    /// <exception cref="Hdf5Exception">They are not in the file.</exception>
    public void Read(ulong address, Span<byte> bytes)
    {
        if (address > (ulong)Length || (ulong)bytes.Length > (ulong)Length - address)
        {
            throw new Hdf5Exception($"{bytes.Length} bytes at byte {address} are not in the file of {Length}: it is truncated or damaged");
        }

        long at = (long)address;
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, at);
            if (read == 0)
            {
                throw new Hdf5Exception($"the file ends at byte {at}");
            }

            at += read;
            bytes = bytes[read..];
        }
    }

    /// <summary>Reads bytes at an address.</summary>
    /// <exception cref="Hdf5Exception">They are not in the file.</exception>
    public byte[] Read(ulong address, ulong count)
    {
        if (count > (ulong)Length || count > (ulong)Array.MaxLength)
        {
            throw new Hdf5Exception($"{count} bytes at byte {address} are not in the file of {Length}: it is truncated or damaged");
        }

        byte[] bytes = new byte[count];
        Read(address, bytes);
        return bytes;
    }

    /// <summary>A text of variable length.</summary>
    /// <param name="element">What stands in its place: its length, the address of a heap and the number of an object there.</param>
    /// <exception cref="Hdf5Exception">There is no such object, or its bytes are no text.</exception>
    public string Text(ReadOnlySpan<byte> element)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(element);
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(element[4..]);
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(element[12..]);
        if (length == 0)
        {
            return string.Empty;
        }

        if (!heaps.TryGetValue(address, out Dictionary<uint, ReadOnlyMemory<byte>>? heap))
        {
            if (heaps.Count >= MostHeaps)
            {
                heaps.Clear();
            }

            heap = ReadHeap(address);
            heaps.Add(address, heap);
        }

        if (!heap.TryGetValue(number, out ReadOnlyMemory<byte> text) || text.Length < length)
        {
            throw new Hdf5Exception($"a text of {length} bytes should be object {number} of the heap at byte {address}, which has none such");
        }

        ReadOnlySpan<byte> bytes = text.Span[..(int)length];
        int end = bytes.IndexOf((byte)0);
        return NativeText.Decode(end < 0 ? bytes : bytes[..end]);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Lock(int descriptor, int operation);

    private void RequireSuperblock()
    {
        if (Length < SuperblockBytes)
        {
            throw new Hdf5Exception($"the file is truncated: it has {Length} bytes");
        }

        Span<byte> start = stackalloc byte[SuperblockBytes];
        Read(0, start);
        bool isOld = start[8] <= 1;
        (byte addressBytes, byte lengthBytes) = isOld ? (start[13], start[14]) : (start[9], start[10]);
        if (start[8] > 3 || addressBytes != sizeof(ulong) || lengthBytes != sizeof(ulong))
        {
            throw new Hdf5Exception($"a superblock of version {start[8]} with addresses of {addressBytes} and lengths of {lengthBytes} bytes cannot be read");
        }

        int baseAddress = isOld ? start[8] == 1 ? 28 : 24 : 12;
        if (BinaryPrimitives.ReadUInt64LittleEndian(start[baseAddress..]) != 0)
        {
            throw new Hdf5Exception("the addresses in the file do not begin at its start");
        }

        // In old superblocks the root is an entry of a symbol table: the offset of its name, then the address.
        RootAddress = BinaryPrimitives.ReadUInt64LittleEndian(start[(isOld ? baseAddress + 40 : baseAddress + 24)..]);
    }

    /// <summary>The objects of a heap by their numbers.</summary>
    private Dictionary<uint, ReadOnlyMemory<byte>> ReadHeap(ulong address)
    {
        Span<byte> header = stackalloc byte[HeapHeaderBytes];
        Read(address, header);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        if (!header.StartsWith("GCOL\u0001"u8) || length < HeapHeaderBytes || length > LargestHeap)
        {
            throw new Hdf5Exception($"there is no heap of texts at byte {address}, or it is damaged");
        }

        ReadOnlyMemory<byte> bytes = Read(address, length);
        var objects = new Dictionary<uint, ReadOnlyMemory<byte>>();
        for (int at = HeapHeaderBytes; at + ObjectHeaderBytes <= bytes.Length;)
        {
            ReadOnlySpan<byte> entry = bytes.Span[at..];
            uint number = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            if (number == 0)
            {
                // The free room, which is last.
                break;
            }

            if (size > (ulong)(entry.Length - ObjectHeaderBytes) || !objects.TryAdd(number, bytes.Slice(at + ObjectHeaderBytes, (int)size)))
            {
                throw new Hdf5Exception($"the heap of texts at byte {address} is damaged: object {number} of {size} bytes");
            }

            at += ObjectHeaderBytes + (((int)size + Alignment - 1) & ~(Alignment - 1));
        }

        return objects;
    }
}
