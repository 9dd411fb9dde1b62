using System.Globalization;
using System.Text.Json;

namespace FlowRatio.Commands.Output;

/// <summary>Values of options, which are plain objects in a running program and JSON elements in a file that was read.</summary>
internal static class OptionText
{
    /// <summary>The value as text; empty for null.</summary>
    public static string Of(object? value) => value switch
    {
        null => string.Empty,
        JsonElement { ValueKind: JsonValueKind.Null } => string.Empty,
        bool flag => flag ? "yes" : "no",
        JsonElement { ValueKind: JsonValueKind.True } => "yes",
        JsonElement { ValueKind: JsonValueKind.False } => "no",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    /// <summary>The value as a number, or null.</summary>
    public static double? Number(object? value) =>
        double.TryParse(Of(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
