using FlowRatio.Cli.Summaries;

namespace FlowRatio.Cli.Runs;

/// <summary>The area under the curve that says most, or why there is none.</summary>
/// <param name="Area">The area; null where there is none.</param>
/// <param name="Rows">Of which rows it is.</param>
/// <param name="Note">What must be known about it: why it is not one of held-out rows, or why there is none; null for nothing.</param>
internal sealed record AreaStatement(RankArea? Area, string Rows, string? Note)
{
    /// <summary>The statement about an estimation; null for a density, which ranks nothing.</summary>
    public static AreaStatement? Of(EstimateOutcome outcome)
    {
        if (outcome.Quantity.Denominator is null)
        {
            return null;
        }

        if (outcome.Labels.Missing is { } missing)
        {
            return new AreaStatement(null, string.Empty, $"No AUC: {missing}.");
        }

        EstimateSummary summary = outcome.Summary;
        if (summary.Area(_ => true) is not { } all)
        {
            return new AreaStatement(null, string.Empty, $"No AUC: {Count(summary, _ => true)}.");
        }

        if (!outcome.HeldOut.AreKnown)
        {
            return new AreaStatement(all, "labelled rows", $"Which rows the training held out is not known: {outcome.HeldOut.Unknown}.");
        }

        return summary.Area(row => row.IsHeldOut == true) is { } held
            ? new AreaStatement(held, "held-out rows", null)
            : new AreaStatement(
                all,
                "rows of the training",
                outcome.Trained.Training is { HeldOutFraction: 0 }
                    ? "No AUC on held-out rows: none were held out."
                    : $"No AUC on held-out rows: of them {Count(summary, row => row.IsHeldOut == true)}. That on rows of the training flatters.");
    }

    private static string Count(EstimateSummary summary, Func<EstimatedRow, bool> which)
    {
        EstimatedRow[] labelled = [.. summary.Kept.Where(row => row.Label is not null && !double.IsNaN(row.Value) && which(row))];
        int above = labelled.Count(row => row.Label == true);
        return $"{above:#,0} rows of the numerator and {labelled.Length - above:#,0} of the denominator have a value, and both are needed";
    }
}
