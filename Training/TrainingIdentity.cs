using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Training;

/// <summary>
/// All that decides the result of a training, as pairs of a name and a text: two trainings with equal identities end with the same bits.
/// Every public property of <see cref="TrainingOptions"/> is in it, so a new option cannot be forgotten.
/// </summary>
public sealed class TrainingIdentity
{
    /// <summary>Raised whenever equal options and data no longer give the same bits; so a checkpoint of an older program is not continued.</summary>
    public const int NumericalVersion = 2;

    private const string DataName = "data";
    private const string VersionName = "numerical version";

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Takes pairs that were read back.</summary>
    /// <param name="values">Names and texts.</param>
    public TrainingIdentity(IEnumerable<KeyValuePair<string, string>> values) =>
        Values = values.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Names and texts.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; }

    /// <summary>The identity of a training.</summary>
    /// <param name="backend">Where it is computed: rounding differs between devices and instruction sets.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">The options.</param>
    public static TrainingIdentity Of(ComputeBackend backend, TrainingSet data, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        Dictionary<string, string> values = new(StringComparer.Ordinal)
        {
            [VersionName] = NumericalVersion.ToString(CultureInfo.InvariantCulture),
            ["device"] = backend is CpuBackend cpu ? $"{cpu.Name} with {cpu.InstructionSet}" : backend.Name,
            ["rows"] = data.Rows.ToString(CultureInfo.InvariantCulture),
            ["dimension"] = data.Dimension.ToString(CultureInfo.InvariantCulture),
            [DataName] = Digest(data),
        };
        foreach (CovariateVocabulary covariate in data.Vocabulary.Covariates)
        {
            values[$"categories of {covariate.Name}"] = string.Join(", ", covariate.Categories);
        }

        foreach (ContinuousCovariate covariate in data.Vocabulary.Continuous)
        {
            values[$"continuous covariate {covariate.Name}"] = string.Create(CultureInfo.InvariantCulture, $"from {covariate.Smallest} to {covariate.Largest}");
        }

        Flatten("option", JsonSerializer.SerializeToElement(options, Json), values);
        return new TrainingIdentity(values);
    }

    /// <summary>The first difference to another identity as a clause, or null when there is none.</summary>
    /// <param name="other">The other one.</param>
    public string? Difference(TrainingIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);

        // What a user chose comes first: other data also change the digest, which says nothing to a reader.
        foreach (string name in Values.Keys.Union(other.Values.Keys).OrderBy(name => name == DataName ? 2 : name == VersionName ? 1 : 0))
        {
            string? mine = Values.GetValueOrDefault(name), theirs = other.Values.GetValueOrDefault(name);
            if (mine != theirs)
            {
                if (name == VersionName)
                {
                    return $"it was made by a version of the program that computes other digits (numerical version {mine ?? "1"} there, {theirs ?? "1"} here)";
                }

                return name == DataName
                    ? "the values in the data are different"
                    : $"{name.Replace("option.", "option ", StringComparison.Ordinal)} is {mine ?? "missing"} there and {theirs ?? "missing"} here";
            }
        }

        return null;
    }

    private static void Flatten(string path, JsonElement element, Dictionary<string, string> values)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                Flatten($"{path}.{property.Name}", property.Value, values);
            }
        }
        else
        {
            values[path] = element.GetRawText();
        }
    }

    private static string Digest(TrainingSet data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(data.Points));
        if (data.Origin.ContainsAnyExcept(0.0))
        {
            hash.AppendData(MemoryMarshal.AsBytes(data.Origin));
        }

        for (int i = 0; i < data.Vocabulary.Covariates.Length; i++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(data.Categories(i)));
        }

        for (int i = 0; i < data.Vocabulary.Continuous.Length; i++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(data.Continuous(i)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
