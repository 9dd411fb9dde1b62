using FlowRatio.Cli.Arguments;

namespace FlowRatio.Cli.Runs;

/// <summary>What an estimation estimates.</summary>
/// <param name="Name">In words: "log-ratio" or "log-density".</param>
/// <param name="Column">As a column: log_ratio or log_density.</param>
/// <param name="Formula">As a formula.</param>
/// <param name="Numerator">The condition above the line, or the density's.</param>
/// <param name="Denominator">The condition below the line, or null.</param>
internal sealed record EstimatedQuantity(string Name, string Column, string Formula, ConditionText Numerator, ConditionText? Denominator)
{
    public static EstimatedQuantity Ratio(ConditionText numerator, ConditionText denominator) =>
        new("log-ratio", "log_ratio", $"log p(x | {numerator.Text}) - log p(x | {denominator.Text})", numerator, denominator);

    public static EstimatedQuantity Density(ConditionText condition) =>
        new("log-density", "log_density", condition.Text.Length == 0 ? "log p(x)" : $"log p(x | {condition.Text})", condition, null);
}
