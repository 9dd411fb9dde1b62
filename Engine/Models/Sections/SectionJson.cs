using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FlowRatio.Engine.Models.Sections;

/// <summary>Reads and writes a section of a model file's metadata: one JSON text per section.</summary>
public static class SectionJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutNulls } },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What is null is left out in writing, so whatever can be null may be missing in reading.</summary>
    private static void LeaveOutNulls(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(property => property.IsGetNullable))
        {
            property.IsRequired = false;
        }
    }

    /// <summary>The JSON text of a section.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="section">The section.</param>
    public static string Write<T>(T section) => JsonSerializer.Serialize(section, Options);

    /// <summary>Reads a section.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="metadata">All sections by name.</param>
    /// <param name="name">Name of the section.</param>
    /// <exception cref="InvalidDataException">The section is missing, or is not as it should be.</exception>
    public static T Read<T>(IReadOnlyDictionary<string, string> metadata, string name)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(name, out string? text))
        {
            throw new InvalidDataException($"The section '{name}' is missing.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(text, Options) ?? throw new InvalidDataException($"The section '{name}' is null.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"The section '{name}' is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a section that is a list.</summary>
    /// <typeparam name="T">Type of its elements.</typeparam>
    /// <param name="metadata">All sections by name.</param>
    /// <param name="name">Name of the section.</param>
    /// <exception cref="InvalidDataException">The section is missing, or is not as it should be.</exception>
    public static IReadOnlyList<T> ReadList<T>(IReadOnlyDictionary<string, string> metadata, string name)
        where T : class
    {
        // What JSON's reader refuses where a property is null it lets pass in a list.
        IReadOnlyList<T?> elements = Read<IReadOnlyList<T?>>(metadata, name);
        return [.. elements.Select((element, i) => element ?? throw new InvalidDataException($"Element {i} of the section '{name}' is null."))];
    }
}
