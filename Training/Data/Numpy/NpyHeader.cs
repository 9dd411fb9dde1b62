using System.Buffers.Binary;
using System.Text;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>What the first bytes of an npy file say, versions 1 to 3; checked against the length of the file.</summary>
/// <param name="Type">Element type.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Shape">Length of each dimension.</param>
/// <param name="DataOffset">First byte of the data.</param>
internal sealed record NpyHeader(NpyType Type, bool IsFortran, long[] Shape, long DataOffset)
{
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header.</summary>
    /// <param name="source">The file.</param>
    /// <exception cref="InvalidDataException">Not a header, or one that does not fit the file.</exception>
    public static NpyHeader Read(ByteSource source)
    {
        Span<byte> start = stackalloc byte[12];
        if (source.Length < start.Length)
        {
            throw new InvalidDataException($"{source.Length} bytes are no npy array");
        }

        source.Read(0, start);
        if (!start.StartsWith(Magic) || start[6] is < 1 or > 3 || start[7] != 0)
        {
            throw new InvalidDataException("it does not start like an npy array of version 1, 2 or 3");
        }

        bool isShort = start[6] == 1;
        long length = isShort ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        long offset = isShort ? 10 : 12;
        if (length > Math.Min(LongestHeader, source.Length - offset))
        {
            throw new InvalidDataException($"the header claims {length} bytes; the file has {source.Length}, and at most {LongestHeader} are allowed");
        }

        byte[] header = new byte[length];
        source.Read(offset, header);
        Encoding encoding = start[6] == 3 ? new UTF8Encoding(false, throwOnInvalidBytes: true) : Encoding.Latin1;
        string text;
        try
        {
            text = encoding.GetString(header);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("the header is not UTF-8", exception);
        }

        (string type, bool isFortran, long[] shape) = new NpyDictionary(text).Parse();
        var result = new NpyHeader(NpyType.Parse(type), isFortran, shape, offset + length);
        Int128 bytes = result.Type.Bytes;
        foreach (long dimension in shape)
        {
            bytes = Int128.Min(bytes * dimension, Int128.MaxValue >> 66);
        }

        return result.DataOffset + bytes == source.Length
            ? result
            : throw new InvalidDataException(
                $"the header claims {bytes} bytes of data ({string.Join(" x ", shape)} of {type}), but {source.Length - result.DataOffset} follow it");
    }
}
