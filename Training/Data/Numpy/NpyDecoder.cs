using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>Elements of numpy arrays from their bytes.</summary>
internal static class NpyDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Numbers as float64.</summary>
    public static void ToDouble(ReadOnlySpan<byte> bytes, NpyType type, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ToDouble(bytes.Slice(i * type.Bytes, type.Bytes), type);
        }
    }

    /// <summary>One number or truth value as float64.</summary>
    /// <exception cref="InvalidDataException">A truth value that is neither 0 nor 1.</exception>
    public static double ToDouble(ReadOnlySpan<byte> element, NpyType type) => (type.Kind, type.Bytes) switch
    {
        ('f', 2) => (double)(type.IsBigEndian ? BinaryPrimitives.ReadHalfBigEndian(element) : BinaryPrimitives.ReadHalfLittleEndian(element)),
        ('f', 4) => type.IsBigEndian ? BinaryPrimitives.ReadSingleBigEndian(element) : BinaryPrimitives.ReadSingleLittleEndian(element),
        ('f', _) => type.IsBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(element) : BinaryPrimitives.ReadDoubleLittleEndian(element),
        ('b', _) => ToBoolean(element) ? 1 : 0,
        _ => (double)ToWhole(element, type),
    };

    /// <summary>One whole number.</summary>
    public static Int128 ToWhole(ReadOnlySpan<byte> element, NpyType type)
    {
        ulong bits = 0;
        for (int i = 0; i < element.Length; i++)
        {
            bits |= (ulong)element[type.IsBigEndian ? element.Length - 1 - i : i] << (8 * i);
        }

        int unused = 64 - (8 * element.Length);
        return type.Kind == 'u' ? bits : (long)(bits << unused) >> unused;
    }

    /// <summary>One truth value.</summary>
    /// <exception cref="InvalidDataException">Neither 0 nor 1.</exception>
    public static bool ToBoolean(ReadOnlySpan<byte> element) =>
        element[0] <= 1 ? element[0] == 1 : throw new InvalidDataException($"a truth value is {element[0]}");

    /// <summary>One element as text.</summary>
    /// <exception cref="InvalidDataException">Bytes that are no text.</exception>
    public static string ToText(ReadOnlySpan<byte> element, NpyType type)
    {
        if (type.Kind == 'S')
        {
            try
            {
                return Strict.GetString(element.TrimEnd((byte)0));
            }
            catch (DecoderFallbackException exception)
            {
                throw new InvalidDataException($"a text has bytes that are not UTF-8: '{Encoding.Latin1.GetString(element)}'", exception);
            }
        }

        var text = new StringBuilder();
        for (int end = LastUnit(element); end > 0; end -= sizeof(uint))
        {
            uint unit = type.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(element) : BinaryPrimitives.ReadUInt32LittleEndian(element);
            if (!Rune.IsValid(unit))
            {
                throw new InvalidDataException($"a text has the code 0x{unit.ToString("X", CultureInfo.InvariantCulture)}, which is no character");
            }

            text.Append(new Rune(unit));
            element = element[sizeof(uint)..];
        }

        return text.ToString();
    }

    /// <summary>Number of bytes up to the last character; texts are filled up with zeros.</summary>
    private static int LastUnit(ReadOnlySpan<byte> element)
    {
        int last = element.LastIndexOfAnyExcept((byte)0);
        return (last + sizeof(uint)) / sizeof(uint) * sizeof(uint);
    }
}
