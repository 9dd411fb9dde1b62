using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRatio.Training.Data.Tables;

/// <summary>Numbers as a text file writes them, with a decimal point or a decimal comma; a field with the other mark is no number, nor is one with thousands separators.</summary>
/// <param name="Mark"><c>.</c> or <c>,</c>.</param>
internal readonly partial record struct NumberText(char Mark)
{
    private const int ShortField = 256;

    /// <summary>What is the matter with a number that no float32 holds, as the end of a clause.</summary>
    public const string TooLarge = "; it is too large (at most 3.4e38)";

    /// <summary>Numbers with a decimal point.</summary>
    public static NumberText Point => new('.');

    private char Other => Mark == '.' ? ',' : '.';

    /// <summary>Whether a field in UTF-8 is a number that is finite as float32.</summary>
    public bool TryParse(ReadOnlySpan<byte> field, out double value)
    {
        Span<byte> buffer = Mark == '.' ? [] : stackalloc byte[ShortField];
        value = 0;
        return Plain(field, buffer, out ReadOnlySpan<byte> plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite((float)value);
    }

    /// <summary>Whether a text is a number; infinities are, as pandas writes them too.</summary>
    public bool TryParse(string? text, out double value)
    {
        switch (text)
        {
            // The parser knows only "Infinity".
            case "inf":
                value = double.PositiveInfinity;
                return true;
            case "-inf":
                value = double.NegativeInfinity;
                return true;
            case null:
                value = double.NaN;
                return false;
            default:
                string plain = Mark == '.' ? text : text.Contains('.', StringComparison.Ordinal) ? string.Empty : text.Replace(Mark, '.');
                return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !double.IsNaN(value);
        }
    }

    /// <summary>Whether a number is written with its decimal mark.</summary>
    public bool HasMark(ReadOnlySpan<byte> field) => field.Contains((byte)Mark);

    /// <summary>What a field that is no number may have been meant as.</summary>
    public NumberSpelling SpellingOf(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> text = field.Trim((byte)' ');
        if (!BeginsLikeNumber(text) || text.Length > ShortField)
        {
            return NumberSpelling.None;
        }

        bool isGrouped = Grouped().IsMatch(Encoding.UTF8.GetString(text));
        bool hasOtherMark = text.Contains((byte)Other) && new NumberText(Other).TryParse(text, out double _);
        return hasOtherMark ? (isGrouped ? NumberSpelling.GroupedOrOtherMark : NumberSpelling.OtherMark)
            : isGrouped ? NumberSpelling.Grouped : NumberSpelling.Beginning;
    }

    /// <summary>A field in words, for messages: its text, and what is the matter with it as a number.</summary>
    public string Describe(ReadOnlySpan<byte> field)
    {
        string text = field.IsEmpty ? "'' (an empty field)" : $"'{Encoding.UTF8.GetString(field)}'";
        string mark = Mark == '.' ? "a decimal comma" : "a decimal point";
        return SpellingOf(field) switch
        {
            NumberSpelling.OtherMark => $"{text} is not a finite number; it has {mark}",
            NumberSpelling.GroupedOrOtherMark => $"{text} is not a finite number; it has thousands separators, or {mark}",
            NumberSpelling.Grouped => $"{text} is not a finite number; thousands separators are not read",
            _ => $"{text} is not a finite number{(IsTooLarge(field) ? TooLarge : string.Empty)}",
        };
    }

    /// <summary>How a field with the other decimal mark can be read, as the end of a sentence; empty for other fields.</summary>
    public string Remedy(ReadOnlySpan<byte> field) => SpellingOf(field) is not (NumberSpelling.OtherMark or NumberSpelling.GroupedOrOtherMark) ? string.Empty
        : Mark == '.' ? " (--decimal , reads decimal commas)"
        : " (the file is read with --decimal ,)";

    private bool IsTooLarge(ReadOnlySpan<byte> field) =>
        BeginsLikeNumber(field.Trim((byte)' ')) && TryParse(Encoding.UTF8.GetString(field), out double value) && !float.IsFinite((float)value);

    private static bool BeginsLikeNumber(ReadOnlySpan<byte> text)
    {
        // Signs, comparisons and currencies, in ASCII and beyond.
        int at = 0;
        while (at < text.Length && (text[at] >= 0x80 || "+-<>=~$ "u8.Contains(text[at])))
        {
            at++;
        }

        if (at < text.Length && text[at] is (byte)'.' or (byte)',')
        {
            at++;
        }

        return at < text.Length && char.IsAsciiDigit((char)text[at]);
    }

    /// <summary>The field with a decimal point; false where it has one but the mark is a comma.</summary>
    private bool Plain(ReadOnlySpan<byte> field, Span<byte> buffer, out ReadOnlySpan<byte> plain)
    {
        plain = field;
        if (Mark == '.')
        {
            return true;
        }

        if (field.Length > buffer.Length || field.Contains((byte)'.'))
        {
            return false;
        }

        Span<byte> copy = buffer[..field.Length];
        field.Replace(copy, (byte)Mark, (byte)'.');
        plain = copy;
        return true;
    }

    [GeneratedRegex(@"\A[+-]?[1-9]\d{0,2}(?<mark>[,.'’_\u0020\u00A0\u2009\u202F])\d{3}(\k<mark>\d{3})*([.,]\d+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouped();
}
