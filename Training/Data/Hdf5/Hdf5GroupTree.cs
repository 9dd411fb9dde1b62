using System.Buffers.Binary;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// The tree of a group's children ("HDF5 File Format Specification", version 3, III.A and III.B) must be in the order of their names: where it is not,
/// the library ends the process when a child is added.
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="names">The heap of the names.</param>
internal sealed class Hdf5GroupTree(Hdf5Bytes bytes, ReadOnlyMemory<byte> names)
{
    private const int NodeHeaderBytes = 24;
    private const int LeafHeaderBytes = 8;
    private const int LeafEntryBytes = 40;
    private const int MostNodes = 100_000;
    private const int DeepestLevel = 32;
    private int nodes;

    /// <summary>Checks the tree.</summary>
    /// <param name="address">Where its root is.</param>
    /// <exception cref="Hdf5Exception">It is damaged.</exception>
    public void Require(ulong address) => RequireNode(address, null);

    private void RequireNode(ulong address, int? expectedLevel)
    {
        ReadOnlySpan<byte> header = bytes.Read(address, NodeHeaderBytes);
        int level = header[5], children = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        if (!header.StartsWith("TREE\0"u8) || level != (expectedLevel ?? level) || level > DeepestLevel || ++nodes > MostNodes)
        {
            throw Damaged(address);
        }

        // Keys and children take turns; a key is the last name on its left.
        byte[] entries = bytes.Read(address + NodeHeaderBytes, (ulong)((children * 16) + 8));
        for (int i = 0; i < children; i++)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan(i * 16));
            ulong child = BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan((i * 16) + 8));
            ulong high = BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan((i * 16) + 16));
            if (Name(low).SequenceCompareTo(Name(high)) >= 0)
            {
                throw Damaged(address);
            }

            if (level > 0)
            {
                RequireNode(child, level - 1);
            }
            else
            {
                RequireLeaf(child, low, high);
            }
        }
    }

    private void RequireLeaf(ulong address, ulong low, ulong high)
    {
        ReadOnlySpan<byte> header = bytes.Read(address, LeafHeaderBytes);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        if (!header.StartsWith("SNOD\u0001"u8) || count == 0)
        {
            throw Damaged(address);
        }

        byte[] entries = bytes.Read(address + LeafHeaderBytes, (ulong)(count * LeafEntryBytes));
        ReadOnlySpan<byte> last = Name(low);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> name = Name(BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan(i * LeafEntryBytes)));
            if (last.SequenceCompareTo(name) >= 0)
            {
                throw Damaged(address);
            }

            last = name;
        }

        if (last.SequenceCompareTo(Name(high)) > 0)
        {
            throw Damaged(address);
        }
    }

    private ReadOnlySpan<byte> Name(ulong offset)
    {
        int end = offset < (ulong)names.Length ? names.Span[(int)offset..].IndexOf((byte)0) : -1;
        return end >= 0 ? names.Span.Slice((int)offset, end) : throw new Hdf5Exception($"a group has a name at byte {offset} of {names.Length}");
    }

    private static Hdf5Exception Damaged(ulong address) => new($"the tree of a group is damaged at byte {address}");
}
