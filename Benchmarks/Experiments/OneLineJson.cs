using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Writes a list on one line of an indented file: thousands of points would otherwise be tens of thousands of lines.</summary>
/// <typeparam name="T">The list's elements.</typeparam>
internal sealed class OneLineJson<T> : JsonConverter<IReadOnlyList<T>>
{
    private static readonly JsonSerializerOptions Format = new(JsonFile.Format) { WriteIndented = false };

    /// <inheritdoc/>
    public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<T[]>(ref reader, Format);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, Format));
}
