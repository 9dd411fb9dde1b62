using System.Buffers.Binary;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>The checksum of zip files: CRC-32 of ISO 3309, reflected, eight bytes at a time.</summary>
internal sealed class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[][] Tables = CreateTables();
    private uint state = uint.MaxValue;

    /// <summary>The sum of all bytes so far.</summary>
    public uint Value => ~state;

    /// <summary>Takes further bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint sum = state;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            ulong next = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ sum;
            sum = 0;
            for (int i = 0; i < sizeof(ulong); i++)
            {
                sum ^= Tables[sizeof(ulong) - 1 - i][(byte)(next >> (8 * i))];
            }
        }

        foreach (byte value in bytes)
        {
            sum = Tables[0][(byte)(sum ^ value)] ^ (sum >> 8);
        }

        state = sum;
    }

    /// <summary>Table k: the effect of a byte after which k zero bytes follow.</summary>
    private static uint[][] CreateTables()
    {
        uint[][] tables = [.. Enumerable.Range(0, sizeof(ulong)).Select(_ => new uint[256])];
        for (uint i = 0; i < 256; i++)
        {
            uint sum = i;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ Polynomial : sum >> 1;
            }

            tables[0][i] = sum;
        }

        for (int k = 1; k < tables.Length; k++)
        {
            for (int i = 0; i < 256; i++)
            {
                tables[k][i] = tables[0][(byte)tables[k - 1][i]] ^ (tables[k - 1][i] >> 8);
            }
        }

        return tables;
    }
}
