using System.Globalization;
using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Models.Sections;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Models;

/// <summary>
/// A model in a safetensors file. The network's tensors have the names of the PyTorch implementation's state dict
/// (<see cref="StateDictionary"/>); everything else is JSON in the metadata, one text per section.
/// </summary>
public sealed class ModelFile
{
    /// <summary>Version of the format that this program writes, and the newest that it reads.</summary>
    public const int Version = 2;

    /// <summary>Tensors and sections that begin with this belong to the training, not to the model.</summary>
    public const string TrainingPrefix = "training.";

    private const string FormatKey = "format";
    private const string FormatName = "flowratio";
    private const string VersionKey = "format_version";
    private const string NetworkKey = "network";
    private const string ScheduleKey = "schedule";
    private const string VocabularyKey = "vocabulary";
    private const string ContinuousKey = "continuous";
    private const string BaseKey = "base";
    private const string EvaluationKey = "evaluation";
    private const string MeanName = "standardization.mean";
    private const string ScaleName = "standardization.scale";

    private ModelFile(SafetensorsFile tensors, FlowModel model, IReadOnlyDictionary<string, string> sections, IReadOnlyList<string> unknown)
    {
        Tensors = tensors;
        Model = model;
        Sections = sections;
        Unknown = unknown;
    }

    /// <summary>The model.</summary>
    public FlowModel Model { get; }

    /// <summary>All tensors, also those that are not the model's own.</summary>
    public SafetensorsFile Tensors { get; }

    /// <summary>Sections that are not the model's own, by name: what others have written with it.</summary>
    public IReadOnlyDictionary<string, string> Sections { get; }

    /// <summary>Names of tensors and fields that this program does not know and has left out.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>Writes a model; the file is complete or as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="sections">More sections by name; null for none.</param>
    /// <param name="tensors">More tensors; null for none.</param>
    public static void Write(
        string path,
        FlowModel model,
        IReadOnlyDictionary<string, string>? sections = null,
        IEnumerable<SafetensorsTensor>? tensors = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            [FormatKey] = FormatName,
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [NetworkKey] = SectionJson.Write(NetworkSection.Of(model.Network.Shape)),
            [ScheduleKey] = SectionJson.Write(ScheduleSection.Of(model.Schedule)),
            [VocabularyKey] = SectionJson.Write(model.Vocabulary.Covariates.Select(CovariateSection.Of)),
        };
        if (!model.Vocabulary.Continuous.IsEmpty)
        {
            metadata.Add(ContinuousKey, SectionJson.Write(model.Vocabulary.Continuous.Select(ContinuousSection.Of)));
        }

        if (model.ImpliedScore is { } share)
        {
            metadata.Add(EvaluationKey, SectionJson.Write(new EvaluationSection { ImpliedScore = share }));
        }

        foreach ((string name, string text) in sections ?? new Dictionary<string, string>())
        {
            metadata.Add(name, text);
        }

        List<SafetensorsTensor> all = [.. StateDictionary.Tensors(model), .. tensors ?? []];
        if (model.Standardization is { } map)
        {
            all.Add(SafetensorsTensor.Of(MeanName, map.Mean, map.Mean.Length));
            all.Add(SafetensorsTensor.Of(ScaleName, map.Scale, map.Scale.Length));
        }

        if (model.Base is { } flow)
        {
            metadata.Add(BaseKey, SectionJson.Write(BaseSection.Of(flow)));
            all.AddRange(BaseFlowTensors.Of(flow));
        }

        SafetensorsFile.Write(path, all, metadata);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no model, is damaged, or was written by a newer program.</exception>
    public static ModelFile Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        try
        {
            return Of(file);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or OverflowException)
        {
            // What the parts of a model refuse is here the fault of the file.
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>The model in a file that has been read.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">It is no model, or was written by a newer program.</exception>
    /// <exception cref="ArgumentException">The parts of the model do not fit together.</exception>
    public static ModelFile Of(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        RequireFormat(file.Metadata);
        NetworkSection sizes = SectionJson.Read<NetworkSection>(file.Metadata, NetworkKey);
        if (sizes.HeadLayers > file.Names.Count || sizes.Covariates.Count > file.Names.Count)
        {
            throw new InvalidDataException(
                $"The section '{NetworkKey}' names {sizes.HeadLayers} layers and {sizes.Covariates.Count} covariates; the file has {file.Names.Count} tensors.");
        }

        var network = new VelocityScoreNetwork(sizes.ToShape());
        List<string> known = [.. StateDictionary.Names(network).SelectMany(entry => (string[])[$"{entry.Name}.weight", $"{entry.Name}.bias"])];
        Standardization? map = null;
        if (file.TryGet(MeanName, out SafetensorsTensor? mean))
        {
            map = new Standardization(
                mean.RequireShape(sizes.Dimension).ToReal(), file[ScaleName].RequireShape(sizes.Dimension).ToReal());
            known.AddRange([MeanName, ScaleName]);
        }

        BaseFlow? flow = null;
        if (file.Metadata.ContainsKey(BaseKey))
        {
            flow = BaseFlowTensors.Read(file, SectionJson.Read<BaseSection>(file.Metadata, BaseKey), sizes.Dimension);
            known.AddRange(BaseFlowTensors.Names);
        }

        CovariateVocabulary[] covariates =
            [.. SectionJson.ReadList<CovariateSection>(file.Metadata, VocabularyKey).Select(section => section.ToVocabulary())];
        ContinuousCovariate[] continuous = file.Metadata.ContainsKey(ContinuousKey)
            ? [.. SectionJson.ReadList<ContinuousSection>(file.Metadata, ContinuousKey).Select(section => section.ToCovariate())]
            : [];
        var model = new FlowModel(
            network.Shape,
            StateDictionary.Read(network, file, StateDictionary.Names(network)),
            SectionJson.Read<ScheduleSection>(file.Metadata, ScheduleKey).ToSchedule(),
            new ConditionVocabulary(covariates, continuous),
            map,
            flow)
        {
            ImpliedScore = file.Metadata.ContainsKey(EvaluationKey) ? SectionJson.Read<EvaluationSection>(file.Metadata, EvaluationKey).ImpliedScore : null,
        };
        string[] own = [FormatKey, VersionKey, NetworkKey, ScheduleKey, VocabularyKey, ContinuousKey, BaseKey, EvaluationKey];
        IEnumerable<string> unknownTensors = file.Names.Except(known).Where(name => !name.StartsWith(TrainingPrefix, StringComparison.Ordinal));
        return new ModelFile(
            file,
            model,
            file.Metadata.Where(entry => !own.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal),
            [.. unknownTensors.Order(StringComparer.Ordinal), .. (sizes.Unknown ?? []).Keys.Select(name => $"{NetworkKey}.{name}")]);
    }

    private static void RequireFormat(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(FormatKey) != FormatName)
        {
            throw new InvalidDataException(
                "This is a safetensors file, but no flowratio model; weights of the PyTorch implementation become one with 'flowratio import'.");
        }

        if (!int.TryParse(metadata.GetValueOrDefault(VersionKey), NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
        {
            throw new InvalidDataException($"The format version is '{metadata.GetValueOrDefault(VersionKey)}'; a number from 1 is needed.");
        }

        if (version > Version)
        {
            throw new InvalidDataException(
                $"The model has the format version {version}; this program reads versions up to {Version}: update it, or save the model with an older one.");
        }
    }
}
