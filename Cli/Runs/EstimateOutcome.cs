using FlowRatio.Cli.Summaries;
using FlowRatio.Training.Records;
using FlowRatio.Training.Trust;

namespace FlowRatio.Cli.Runs;

/// <summary>A finished estimation, for the summary and the page.</summary>
/// <param name="Quantity">What was estimated.</param>
/// <param name="Summary">The rows.</param>
/// <param name="Labels">What the columns said about them.</param>
/// <param name="Map">The page's plane.</param>
/// <param name="Trained">The model.</param>
/// <param name="Data">The data file.</param>
/// <param name="Output">The output file.</param>
/// <param name="Columns">Names of the columns that were written.</param>
/// <param name="HeldOut">Which rows the training held out.</param>
/// <param name="Duration">Wall-clock time.</param>
/// <param name="Integration">How, in words.</param>
internal sealed record EstimateOutcome(
    EstimatedQuantity Quantity,
    EstimateSummary Summary,
    RowLabels Labels,
    MapSelection Map,
    TrainedModel Trained,
    string Data,
    string Output,
    EstimateColumns Columns,
    HeldOutRows HeldOut,
    TimeSpan Duration,
    string Integration)
{
    /// <summary>What held-out labels said about the values; null for those of a flow.</summary>
    public StackRecord? Judged { get; init; }

    /// <summary>The area that says most, or why there is none; null for a density.</summary>
    public AreaStatement? Area => AreaStatement.Of(this);
}
