using System.Globalization;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>Element type of a numpy array.</summary>
/// <param name="Kind">f float, i integer, u unsigned, b truth value, U text in UTF-32, S bytes.</param>
/// <param name="Bytes">Bytes per element.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NpyType(char Kind, int Bytes, bool IsBigEndian)
{
    private const int Utf32Bytes = 4;

    /// <summary>Whether the elements are text.</summary>
    public bool IsText => Kind is 'U' or 'S';

    /// <summary>Whether the elements are whole numbers.</summary>
    public bool IsWhole => Kind is 'i' or 'u';

    /// <summary>Parses numpy's description of a type, such as <c>&lt;f4</c>.</summary>
    /// <param name="text">The description.</param>
    /// <exception cref="InvalidDataException">Not one that can be read.</exception>
    public static NpyType Parse(string text)
    {
        if (text.Contains('O', StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                "the array holds Python objects (a pickle), which can run code; save texts with .astype(str), numbers with .astype(float)");
        }

        bool isBig = text.StartsWith('>');
        string type = text.TrimStart('<', '>', '|', '=');
        if (type.Length >= 2 && text.Length - type.Length <= 1
            && int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            bool isKnown = (type[0], size) switch
            {
                ('f', 2 or 4 or 8) => true,
                ('i' or 'u', 1 or 2 or 4 or 8) => true,
                ('b', 1) => true,
                ('U' or 'S', > 0 and <= int.MaxValue / Utf32Bytes) => true,
                _ => false,
            };
            if (isKnown)
            {
                return new NpyType(type[0], type[0] == 'U' ? size * Utf32Bytes : size, isBig);
            }
        }

        throw new InvalidDataException($"the array has elements of type '{text}'; float16, 32 and 64, integers, truth values and texts can be read");
    }
}
