using FlowRatio.Cli.Summaries;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>A finished estimation, for the summary and the page.</summary>
/// <param name="Quantity">What was estimated.</param>
/// <param name="Summary">The rows.</param>
/// <param name="Labels">What the columns said about them.</param>
/// <param name="Map">The page's plane.</param>
/// <param name="Trained">The model.</param>
/// <param name="Data">The data file.</param>
/// <param name="Output">The output file.</param>
/// <param name="IsTrainingData">Whether the data are those of the training: then held-out rows are known.</param>
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
    bool IsTrainingData,
    TimeSpan Duration,
    string Integration)
{
    /// <summary>The area that says most: of held-out rows where they are known, else of all labelled rows.</summary>
    public (RankArea Area, string Rows)? Area()
    {
        if (!Labels.HasLabels)
        {
            return null;
        }

        if (IsTrainingData && Summary.Area(row => row.IsHeldOut) is { } held)
        {
            return (held, "held-out rows");
        }

        return Summary.Area(_ => true) is { } all ? (all, IsTrainingData ? "rows of the training" : "labelled rows") : null;
    }
}
