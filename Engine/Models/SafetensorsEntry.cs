using System.Collections.Immutable;
using System.Text.Json;

namespace FlowRatio.Engine.Models;

/// <summary>One tensor's line in the header of a <see cref="SafetensorsFile"/>; it has been checked against itself.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Length of each dimension.</param>
/// <param name="Begin">First byte in the data.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long Begin, long End)
{
    /// <summary>Parses and checks an entry.</summary>
    /// <exception cref="InvalidDataException">A field is missing or wrong, or the offsets do not fit type and shape.</exception>
    public static SafetensorsEntry Parse(JsonProperty property)
    {
        string name = property.Name;
        JsonElement element = property.Value;
        if (name.Length == 0 || element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"Tensor '{name}' is not described by a name and an object.");
        }

        if (!element.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String)
        {
            throw new InvalidDataException($"Tensor '{name}' has no dtype.");
        }

        SafetensorsType type = dtype.GetString() switch
        {
            "F32" => SafetensorsType.F32,
            "F64" => SafetensorsType.F64,
            "I64" => SafetensorsType.I64,
            var other => throw new InvalidDataException($"Tensor '{name}' has dtype '{other}'; F32, F64 and I64 can be read."),
        };
        ImmutableArray<long> shape = Numbers(name, element, "shape");
        ImmutableArray<long> offsets = Numbers(name, element, "data_offsets");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw new InvalidDataException($"Tensor '{name}' has data_offsets [{string.Join(", ", offsets)}]; a begin and an end are needed.");
        }

        long bytes = Bytes(name, type, shape);
        if (offsets[1] - offsets[0] != bytes)
        {
            throw new InvalidDataException(
                $"Tensor '{name}' claims {offsets[1] - offsets[0]} bytes; {type} [{string.Join(", ", shape)}] takes {bytes}.");
        }

        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long Bytes(string name, SafetensorsType type, ImmutableArray<long> shape)
    {
        Int128 bytes = SafetensorsTensor.ElementBytes(type);
        foreach (long length in shape)
        {
            bytes *= length;
            if (bytes > Array.MaxLength)
            {
                throw new InvalidDataException($"Tensor '{name}' of shape [{string.Join(", ", shape)}] is larger than one array.");
            }
        }

        return (long)bytes;
    }

    private static ImmutableArray<long> Numbers(string tensor, JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement array) || array.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"Tensor '{tensor}' has no {name}.");
        }

        return
        [
            .. array.EnumerateArray().Select(value =>
                value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0
                    ? number
                    : throw new InvalidDataException($"Tensor '{tensor}': {name} has the entry {value.GetRawText()}; a whole number is needed.")),
        ];
    }
}
