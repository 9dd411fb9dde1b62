using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FlowRatio.Engine.Storage;

namespace FlowRatio.Engine.Models;

/// <summary>
/// Named tensors in the safetensors format (huggingface/safetensors, "Format"): eight bytes with the length of a JSON header, the
/// header, the data. Reading trusts nothing: every size is checked against the file's length before memory is taken for it.
/// </summary>
public sealed class SafetensorsFile
{
    // The limit of the format's own implementation.
    private const long LargestHeader = 100_000_000;
    private const int Alignment = 8;
    private const string MetadataKey = "__metadata__";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly Dictionary<string, SafetensorsTensor> tensors;

    private SafetensorsFile(Dictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        this.tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>Texts that came with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>A tensor by name.</summary>
    /// <param name="name">Name.</param>
    /// <exception cref="InvalidDataException">There is none; the message lists those there are.</exception>
    public SafetensorsTensor this[string name] => tensors.TryGetValue(name, out SafetensorsTensor? tensor)
        ? tensor
        : throw new InvalidDataException($"There is no tensor '{name}'; there are: {string.Join(", ", tensors.Keys)}.");

    /// <summary>Looks for a tensor.</summary>
    /// <param name="name">Name.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsTensor? tensor) => tensors.TryGetValue(name, out tensor);

    /// <summary>Writes a file; it is complete or absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors with different names.</param>
    /// <param name="metadata">Texts to go with them; null for none.</param>
    /// <exception cref="ArgumentException">A name appears twice or is that of the metadata.</exception>
    public static void Write(
        string path, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);

        // Wide elements first: every tensor then starts at a multiple of its element size.
        SafetensorsTensor[] ordered = [.. tensors.OrderByDescending(tensor => SafetensorsTensor.ElementBytes(tensor.Type))];
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
        foreach (SafetensorsTensor tensor in ordered)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"The name '{tensor.Name}' is taken.", nameof(tensors));
            }
        }

        using var pending = new PendingFile(path);
        FileStream file = pending.Create();
        byte[] header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        file.Write(header);
        foreach (SafetensorsTensor tensor in ordered)
        {
            file.Write(tensor.Data);
        }

        pending.Complete();
    }

    /// <summary>Whether a file begins as one of this format: eight bytes with a length, then a JSON object. It may be damaged all the same.</summary>
    /// <param name="path">The file.</param>
    public static bool Is(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        Span<byte> beginning = stackalloc byte[sizeof(ulong) + 1];
        return file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) == beginning.Length
            && beginning[^1] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(beginning) <= LargestHeader;
    }

    /// <summary>The same tensors but for some that are taken out and some that are put in their place.</summary>
    internal SafetensorsFile Replace(IEnumerable<string> removed, IEnumerable<SafetensorsTensor> added)
    {
        HashSet<string> names = [.. removed];
        return new SafetensorsFile(
            tensors.Values.Where(tensor => !names.Contains(tensor.Name)).Concat(added).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal), Metadata);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Not a safetensors file, truncated, contradictory, or of other element types.</exception>
    public static SafetensorsFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        try
        {
            return Read(file);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    private static SafetensorsFile Read(FileStream file)
    {
        if (file.Length < sizeof(ulong))
        {
            throw new InvalidDataException($"The file has {file.Length} bytes; a safetensors file has at least {sizeof(ulong)}.");
        }

        byte[] prefix = new byte[sizeof(ulong)];
        file.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long rest = file.Length - sizeof(ulong);
        if (length > LargestHeader || (long)length > rest)
        {
            throw new InvalidDataException(
                $"The header claims {length} bytes; the file has {rest} after its length, and at most {LargestHeader} are allowed.");
        }

        byte[] header = new byte[(int)length];
        file.ReadExactly(header);
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, Strict);
            return Read(file, document.RootElement, rest - (long)length);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The header is not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // What GetString throws for text that is not valid UTF-16.
            throw new InvalidDataException($"The header has invalid text: {exception.Message}", exception);
        }
    }

    private static SafetensorsFile Read(FileStream file, JsonElement header, long dataBytes)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"The header is {header.ValueKind}, not an object.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        List<SafetensorsEntry> entries = [];
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                ReadMetadata(property.Value, metadata);
            }
            else
            {
                entries.Add(SafetensorsEntry.Parse(property));
            }
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        RequireContiguous(entries, dataBytes);
        var tensors = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in entries)
        {
            byte[] data = new byte[entry.End - entry.Begin];
            file.ReadExactly(data);
            tensors.Add(entry.Name, new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, data));
        }

        return new SafetensorsFile(tensors, metadata);
    }

    /// <summary>No holes and no overlaps: nothing hides in the file, and no byte is claimed twice.</summary>
    private static void RequireContiguous(List<SafetensorsEntry> entries, long dataBytes)
    {
        long position = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != position || entry.End > dataBytes)
            {
                throw new InvalidDataException(
                    $"Tensor '{entry.Name}' claims bytes {entry.Begin} to {entry.End}; the one before it ends at {position}, the data at {dataBytes}.");
            }

            position = entry.End;
        }

        if (position != dataBytes)
        {
            throw new InvalidDataException($"The tensors end at byte {position}, the data at {dataBytes}.");
        }
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{MetadataKey} is {element.ValueKind}, not an object.");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            metadata.Add(property.Name, property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw new InvalidDataException($"{MetadataKey}: '{property.Name}' is {property.Value.ValueKind}, not a text."));
        }
    }

    private static byte[] Header(SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long position = 0;
            foreach (SafetensorsTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [position, position + tensor.Data.Length]);
                json.WriteEndObject();
                position += tensor.Data.Length;
            }

            json.WriteEndObject();
        }

        // The format allows spaces after the header: they align the data.
        while (buffer.WrittenCount % Alignment != 0)
        {
            buffer.Write(" "u8);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
