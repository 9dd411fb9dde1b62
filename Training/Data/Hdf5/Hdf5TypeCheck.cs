using System.Buffers.Binary;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// Looks at the description of an element type before the library does: HDF5 1.10.8 copies damaged enumerations beyond its memory, and turns numbers
/// of odd layouts into whatever lay there before. ("HDF5 File Format Specification", version 3, IV.A.2.d.)
/// </summary>
internal static class Hdf5TypeCheck
{
    private const int HeaderBytes = 8;
    private const int IntegerBytes = 12;
    private const int FloatBytes = 20;
    private const int TextSequence = 1;
    private const byte ImpliedNormalization = 2;

    /// <summary>Checks a description.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="isData">Whether it is that of a data set, which must be of a type that is read here; attributes may be of others.</param>
    /// <exception cref="Hdf5Exception">It is damaged, or of a type that is not read.</exception>
    public static void Require(ReadOnlySpan<byte> message, bool isData)
    {
        if (message.Length < HeaderBytes)
        {
            throw Damaged();
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        switch ((Hdf5Class)(message[0] & 15))
        {
            case Hdf5Class.Integer:
                RequireInteger(message, size);
                break;
            case Hdf5Class.Float:
                RequireFloat(message, size);
                break;
            case Hdf5Class.Text or Hdf5Class.Reference when size is > 0 and < 1 << 20:
                break;
            case Hdf5Class.Enumeration:
                RequireEnumeration(message, size);
                break;
            case Hdf5Class.Sequence when (message[1] & 15) == TextSequence:
                Require(message[HeaderBytes..], isData);
                break;
            case Hdf5Class.Integer or Hdf5Class.Text or Hdf5Class.Reference:
                throw Damaged();
            default:
                if (isData)
                {
                    throw new Hdf5TypeException($"elements of type class {message[0] & 15} (records, sequences, ...) cannot be read");
                }

                break;
        }
    }

    private static void RequireInteger(ReadOnlySpan<byte> message, uint size)
    {
        bool isPlain = message.Length >= IntegerBytes
            && size is 1 or 2 or 4 or 8
            && BinaryPrimitives.ReadUInt16LittleEndian(message[8..]) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(message[10..]) == 8 * size;
        if (!isPlain)
        {
            throw Damaged();
        }
    }

    /// <summary>IEEE 754 with 2, 4 or 8 bytes; nobody writes others into tables.</summary>
    private static void RequireFloat(ReadOnlySpan<byte> message, uint size)
    {
        (int exponentBits, int mantissaBits) = size switch
        {
            2 => (5, 10),
            4 => (8, 23),
            8 => (11, 52),
            _ => throw Damaged(),
        };
        bool isIeee = message.Length >= FloatBytes
            && ((message[1] >> 4) & 3) == ImpliedNormalization
            && (message[1] & 0x4E) == 0
            && message[2] == (8 * size) - 1
            && BinaryPrimitives.ReadUInt16LittleEndian(message[8..]) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(message[10..]) == 8 * size
            && message[12] == mantissaBits
            && message[13] == exponentBits
            && message[14] == 0
            && message[15] == mantissaBits
            && BinaryPrimitives.ReadUInt32LittleEndian(message[16..]) == (1u << (exponentBits - 1)) - 1;
        if (!isIeee)
        {
            throw Damaged();
        }
    }

    private static void RequireEnumeration(ReadOnlySpan<byte> message, uint size)
    {
        int version = message[0] >> 4, members = BinaryPrimitives.ReadUInt16LittleEndian(message[1..]);
        ReadOnlySpan<byte> rest = message[HeaderBytes..];
        if (rest.Length < IntegerBytes || (rest[0] & 15) != (int)Hdf5Class.Integer || BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) != size)
        {
            throw Damaged();
        }

        RequireInteger(rest, size);
        rest = rest[IntegerBytes..];
        for (int i = 0; i < members; i++)
        {
            int end = rest.IndexOf((byte)0);
            int next = version < 3 ? (end + 8) & ~7 : end + 1;
            if (end < 1 || next > rest.Length)
            {
                throw Damaged();
            }

            rest = rest[next..];
        }

        if (rest.Length < members * size)
        {
            throw Damaged();
        }
    }

    private static Hdf5Exception Damaged() => new("the description of an element type is damaged, or of a type that nobody writes");
}
