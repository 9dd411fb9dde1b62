using System.Text.Json.Serialization;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>One method's line in a result: errors in nats, times in seconds.</summary>
public sealed record MethodReport
{
    /// <summary>Name of the method.</summary>
    public required string Name { get; init; }

    /// <summary>Mean squared error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mse { get; init; }

    /// <summary>Mean absolute error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mae { get; init; }

    /// <summary>Mean signed error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Bias { get; init; }

    /// <summary>Mean of the estimated log-ratios over the numerator's test points: the estimated mutual information.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Estimate { get; init; }

    /// <summary>Standard error of <see cref="Estimate"/> over the test points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EstimateStdError { get; init; }

    /// <summary>|<see cref="Estimate"/> - exact mutual information|.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AbsError { get; init; }

    /// <summary>Area under the ROC curve of the log-ratio against the label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Auc { get; init; }

    /// <summary>Spearman correlation of the deviation of end points from noise with |error|, over the test points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SourceDeviationCorrelation { get; init; }

    /// <summary>Mean of that deviation over the test points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanSourceDeviation { get; init; }

    /// <summary>Spearman correlation of the disagreement of score and velocity with |error|, over the test points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DisagreementCorrelation { get; init; }

    /// <summary>Mean of that disagreement over the test points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanDisagreement { get; init; }

    /// <summary>The method's own training, where it does not share the flow's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainReport? Train { get; init; }

    /// <summary>Standard error over the test points of the mean squared error (or of the AUC).</summary>
    public double StdError { get; init; }

    /// <summary>Seconds for all test points.</summary>
    public double Seconds { get; init; }

    /// <summary>Evaluations of the flow per point.</summary>
    public double Evaluations { get; init; }

    /// <summary>What all test points together asked of the device, or null on the CPU.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LaunchReport? Launches { get; init; }

    /// <summary>Points whose trajectory failed.</summary>
    public int NonFinite { get; init; }

    /// <summary>True and estimated log-ratios of some test points, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(OneLineJson<ScatterPoint>))]
    public IReadOnlyList<ScatterPoint>? Scatter { get; init; }

    /// <summary>Errors of all test points by their true log-ratio, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(OneLineJson<ErrorBin>))]
    public IReadOnlyList<ErrorBin>? ErrorByTruth { get; init; }

    /// <summary>Error against work for several numbers of solver steps, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(OneLineJson<WorkPoint>))]
    public IReadOnlyList<WorkPoint>? Work { get; init; }

    /// <summary>Estimated log-ratios with their labels (true for the numerator), for a report on labelled rows; not written as JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<(double LogRatio, bool IsNumerator)>? Labelled { get; init; }
}
