using System.Buffers.Binary;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// The messages of an object's header, read without the library ("HDF5 File Format Specification", version 3, IV.A): where attributes lie.
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="address">Where the header begins.</param>
internal sealed class Hdf5ObjectHeader(Hdf5Bytes bytes, ulong address)
{
    private const int TypeMessage = 3;
    private const int LayoutMessage = 8;
    private const int AttributeMessage = 12;
    private const int ContinuationMessage = 16;
    private const int SymbolTableMessage = 17;
    private const int SharedFlag = 2;
    private const int NameHeapBytes = 32;
    private const ulong EndOfFreeList = 1;
    private const int ChecksumBytes = 4;

    // A header is a few blocks of a few kilobytes; damaged ones may lead in circles.
    private const int MostBlocks = 1000;
    private const ulong LargestBlock = 1 << 24;

    /// <summary>The data of an attribute; null if it does not lie in the header as it is.</summary>
    /// <param name="name">Name of the attribute, UTF-8.</param>
    /// <exception cref="Hdf5Exception">The header is damaged.</exception>
    public ReadOnlyMemory<byte>? Attribute(ReadOnlySpan<byte> name)
    {
        foreach ((int kind, int flags, ReadOnlyMemory<byte> message) in Messages())
        {
            if (kind == AttributeMessage && (flags & SharedFlag) == 0 && AttributeData(message, name) is { } data)
            {
                return data;
            }
        }

        return null;
    }

    /// <summary>The data of a data set that lies in the header; null if it does not.</summary>
    /// <exception cref="Hdf5Exception">The header is damaged.</exception>
    public ReadOnlyMemory<byte>? CompactData()
    {
        foreach ((int kind, int flags, ReadOnlyMemory<byte> message) in Messages())
        {
            if (kind == LayoutMessage && (flags & SharedFlag) == 0 && message.Length >= 4 && message.Span[0] is 3 or 4 && message.Span[1] == 0)
            {
                int size = BinaryPrimitives.ReadUInt16LittleEndian(message.Span[2..]);
                return size <= message.Length - 4 ? message.Slice(4, size) : throw Damaged();
            }
        }

        return null;
    }

    /// <summary>
    /// Checks what the library does not: the element types of the object and of its attributes, and a group's names, in which it would
    /// follow a circle for ever or lose its way.
    /// </summary>
    /// <exception cref="Hdf5Exception">Something is damaged, or the type of the object is of a kind that is not read.</exception>
    public void RequireSound()
    {
        foreach ((int kind, int flags, ReadOnlyMemory<byte> message) in Messages())
        {
            if ((flags & SharedFlag) != 0)
            {
                continue;
            }

            if (kind == TypeMessage)
            {
                Hdf5TypeCheck.Require(message.Span, isData: true);
            }
            else if (kind == SymbolTableMessage)
            {
                byte[] names = RequireNameHeap(message.Length >= 16 ? BinaryPrimitives.ReadUInt64LittleEndian(message.Span[8..]) : ulong.MaxValue);
                new Hdf5GroupTree(bytes, names).Require(BinaryPrimitives.ReadUInt64LittleEndian(message.Span));
            }
            else if (kind == AttributeMessage)
            {
                (_, _, int typeAt, int typeBytes, _) = AttributeParts(message.Span);

                // The lowest bit says that the type lies elsewhere; version 1 has no such bit.
                if (message.Span[0] == 1 || (message.Span[1] & 1) == 0)
                {
                    Hdf5TypeCheck.Require(message.Span.Slice(typeAt, typeBytes), isData: false);
                }
            }
        }
    }

    /// <summary>A local heap (III.D): its list of free pieces must end.</summary>
    private byte[] RequireNameHeap(ulong heap)
    {
        ReadOnlySpan<byte> header = bytes.Read(heap, NameHeapBytes);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        ulong free = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        byte[] data = header.StartsWith("HEAP"u8) && size <= LargestBlock
            ? bytes.Read(BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), size)
            : throw Damaged();
        for (ulong pieces = 0; free is not EndOfFreeList and not ulong.MaxValue; pieces++)
        {
            if (free > size || size - free < 16 || pieces > size / 16)
            {
                throw Damaged();
            }

            free = BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan((int)free));
        }

        return data;
    }

    private ReadOnlyMemory<byte>? AttributeData(ReadOnlyMemory<byte> message, ReadOnlySpan<byte> name)
    {
        (int nameAt, int nameBytes, _, _, int dataAt) = AttributeParts(message.Span);

        // The cast matters: a bare null would become memory without bytes.
        return message.Span.Slice(nameAt, nameBytes).TrimEnd((byte)0).SequenceEqual(name) ? message[dataAt..] : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>Where the parts of an attribute's message lie in it.</summary>
    private (int NameAt, int NameBytes, int TypeAt, int TypeBytes, int DataAt) AttributeParts(ReadOnlySpan<byte> message)
    {
        if (message.Length < 9 || message[0] is < 1 or > 3)
        {
            throw Damaged();
        }

        bool isPadded = message[0] == 1;
        int nameAt = message[0] == 3 ? 9 : 8;
        int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]), typeBytes = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        int typeAt = nameAt + Padded(nameBytes, isPadded);
        int dataAt = typeAt + Padded(typeBytes, isPadded) + Padded(BinaryPrimitives.ReadUInt16LittleEndian(message[6..]), isPadded);
        return dataAt <= message.Length ? (nameAt, nameBytes, typeAt, typeBytes, dataAt) : throw Damaged();
    }

    private static int Padded(int size, bool isPadded) => isPadded ? (size + 7) & ~7 : size;

    private IEnumerable<(int Kind, int Flags, ReadOnlyMemory<byte> Message)> Messages()
    {
        byte[] start = bytes.Read(address, 16);
        bool isNew = start.AsSpan().StartsWith("OHDR"u8);
        Queue<(ulong Address, ulong Length)> blocks = new();
        int extra = 0;
        if (isNew)
        {
            int flags = start[5];
            extra = (flags & 4) != 0 ? 2 : 0;
            int position = 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0);
            int width = 1 << (flags & 3);
            byte[] size = new byte[sizeof(ulong)];
            bytes.Read(address + (ulong)position, size.AsSpan(0, width));
            blocks.Enqueue((address + (ulong)(position + width), BinaryPrimitives.ReadUInt64LittleEndian(size)));
        }
        else if (start[0] == 1)
        {
            blocks.Enqueue((address + 16, BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8))));
        }
        else
        {
            throw Damaged();
        }

        for (int count = 0; blocks.TryDequeue(out (ulong Address, ulong Length) block); count++)
        {
            if (count == MostBlocks || block.Length > LargestBlock)
            {
                throw Damaged();
            }

            ReadOnlyMemory<byte> content = bytes.Read(block.Address, block.Length);
            foreach ((int kind, int flags, ReadOnlyMemory<byte> message) in isNew ? NewMessages(content, extra) : OldMessages(content))
            {
                if (kind == ContinuationMessage && message.Length >= 16)
                {
                    ulong next = BinaryPrimitives.ReadUInt64LittleEndian(message.Span), length = BinaryPrimitives.ReadUInt64LittleEndian(message.Span[8..]);

                    // Further blocks of the new kind have a signature and a checksum around their messages.
                    blocks.Enqueue(isNew ? (next + 4, length >= 4 + ChecksumBytes ? length - 4 - ChecksumBytes : 0) : (next, length));
                }

                yield return (kind, flags, message);
            }
        }
    }

    private static IEnumerable<(int Kind, int Flags, ReadOnlyMemory<byte> Message)> OldMessages(ReadOnlyMemory<byte> block)
    {
        while (block.Length >= 8)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(block.Span), size = BinaryPrimitives.ReadUInt16LittleEndian(block.Span[2..]);
            int flags = block.Span[4];
            if (size > block.Length - 8)
            {
                yield break;
            }

            yield return (kind, flags, block.Slice(8, size));
            block = block[(8 + size)..];
        }
    }

    private static IEnumerable<(int Kind, int Flags, ReadOnlyMemory<byte> Message)> NewMessages(ReadOnlyMemory<byte> block, int extra)
    {
        while (block.Length >= 4 + extra)
        {
            int kind = block.Span[0], size = BinaryPrimitives.ReadUInt16LittleEndian(block.Span[1..]), flags = block.Span[3];
            if (size > block.Length - 4 - extra)
            {
                yield break;
            }

            yield return (kind, flags, block.Slice(4 + extra, size));
            block = block[(4 + extra + size)..];
        }
    }

    private Hdf5Exception Damaged() => new($"the object header at byte {address} is damaged");
}
