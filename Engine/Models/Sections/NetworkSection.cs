using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Models.Sections;

/// <summary>Sizes of the network in a model file.</summary>
internal sealed record NetworkSection
{
    public required int Dimension { get; init; }

    public required IReadOnlyList<int> Covariates { get; init; }

    public int ContinuousCovariates { get; init; }

    public required int DataHidden { get; init; }

    public required int DataCode { get; init; }

    public required int ConditionHidden { get; init; }

    public required int ConditionCode { get; init; }

    public required int TimeFeatures { get; init; }

    // Files without it are older, or of networks that have none.
    public double TimeScale { get; init; } = 1;

    public required int HeadHidden { get; init; }

    public required int HeadLayers { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }

    public static NetworkSection Of(NetworkShape shape) => new()
    {
        Dimension = shape.Dimension,
        Covariates = shape.Covariates,
        ContinuousCovariates = shape.ContinuousCovariates,
        DataHidden = shape.DataHidden,
        DataCode = shape.DataCode,
        ConditionHidden = shape.ConditionHidden,
        ConditionCode = shape.ConditionCode,
        TimeFeatures = shape.TimeFeatures,
        TimeScale = shape.TimeScale,
        HeadHidden = shape.HeadHidden,
        HeadLayers = shape.HeadLayers,
    };

    public NetworkShape ToShape() => new(Dimension, Covariates)
    {
        ContinuousCovariates = ContinuousCovariates,
        DataHidden = DataHidden,
        DataCode = DataCode,
        ConditionHidden = ConditionHidden,
        ConditionCode = ConditionCode,
        TimeFeatures = TimeFeatures,
        TimeScale = TimeScale,
        HeadHidden = HeadHidden,
        HeadLayers = HeadLayers,
    };
}
