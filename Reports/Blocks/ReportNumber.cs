using System.Globalization;

namespace FlowRatio.Reports.Blocks;

/// <summary>Numbers as they are printed: few digits, a real minus sign, errors with the digits of their value.</summary>
public static class ReportNumber
{
    private const string Missing = "–";

    /// <summary>A number with some significant digits; very large and very small ones with a power of ten.</summary>
    /// <param name="value">The number; null and NaN print as a dash.</param>
    /// <param name="digits">Significant digits.</param>
    public static string Format(double? value, int digits = 3)
    {
        if (value is not { } number || double.IsNaN(number))
        {
            return Missing;
        }

        if (!double.IsFinite(number))
        {
            return number > 0 ? "∞" : "−∞";
        }

        double size = Math.Abs(number);
        if (size != 0 && (size >= 1e6 || size < 1e-4))
        {
            string[] parts = number.ToString($"E{digits - 1}", CultureInfo.InvariantCulture).Split('E');
            return Sign($"{parts[0]}×10{Raise(int.Parse(parts[1], CultureInfo.InvariantCulture))}");
        }

        return Fixed(number, Decimals(size, digits));
    }

    /// <summary>A value and its standard error, with the same number of decimals.</summary>
    /// <param name="value">The value.</param>
    /// <param name="error">Its standard error; null and NaN leave it out.</param>
    public static string WithError(double? value, double? error)
    {
        if (value is not { } number || !double.IsFinite(number) || error is not { } spread || !double.IsFinite(spread))
        {
            return Format(value);
        }

        double size = Math.Abs(number);
        return size is >= 1e6 or (< 1e-4 and not 0)
            ? $"{Format(number)} ± {Format(spread, 2)}"
            : $"{Fixed(number, Decimals(size, 3))} ± {Fixed(spread, Decimals(size, 3))}";
    }

    /// <summary>A whole number with commas between thousands.</summary>
    /// <param name="value">The number.</param>
    public static string Whole(long value) => Sign(value.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>A count, or a mean of counts: without decimals where it is whole.</summary>
    /// <param name="value">The number.</param>
    public static string Count(double value) => double.IsInteger(value) ? Whole((long)value) : Format(value);

    /// <summary>A time in seconds, minutes or hours.</summary>
    /// <param name="seconds">The time in seconds.</param>
    public static string Duration(double seconds) => seconds switch
    {
        < 100 => $"{Format(seconds)} s",
        < 7200 => $"{(int)(seconds / 60)} min {(int)(seconds % 60):00} s",
        _ => $"{(int)(seconds / 3600)} h {(int)(seconds / 60 % 60):00} min",
    };

    private static int Decimals(double size, int digits) =>
        size == 0 ? digits - 1 : Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(size)), 0, 9);

    private static string Fixed(double number, int decimals) => Sign(number.ToString($"F{decimals}", CultureInfo.InvariantCulture));

    private static string Sign(string text) => text.Replace('-', '−');

    private static string Raise(int power) => string.Concat(
        power.ToString(CultureInfo.InvariantCulture).Select(letter => letter == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[letter - '0']));
}
