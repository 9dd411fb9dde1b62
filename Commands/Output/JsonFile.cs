using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRatio.Reports;

namespace FlowRatio.Commands.Output;

/// <summary>Results as JSON files.</summary>
internal static class JsonFile
{
    /// <summary>How results are written: snake case, indented, NaN as "NaN".</summary>
    public static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The same conventions on one line.</summary>
    public static JsonSerializerOptions OneLine { get; } = new(Format) { WriteIndented = false };

    /// <summary>Writes a value; the file is complete or absent.</summary>
    public static void Write<T>(string path, T value) =>
        WholeFile.Write(path, JsonSerializer.Serialize(value, Format) + Environment.NewLine);
}
