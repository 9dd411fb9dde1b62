namespace FlowRatio.Applications.BatchEffect;

/// <summary>A measurement of batch effects before and after a correction.</summary>
/// <param name="Before">The coordinates as given.</param>
/// <param name="After">The corrected coordinates.</param>
/// <param name="Null">Trainings with permuted labels on the coordinates as given.</param>
/// <param name="Sign">What the sign of the correction term does.</param>
/// <param name="Cells">Numbers of the scored cells.</param>
/// <param name="ScoresBefore">log p(x | type, batch) - log p(x | type) of each scored cell as given; NaN where it is missing.</param>
/// <param name="ScoresAfter">The same after the correction.</param>
/// <param name="ScoresNull">The same with permuted labels; empty without such trainings.</param>
/// <param name="ScoresRightSign">As given, in the published form (dropped batches, along the numerator's velocity) with the right sign.</param>
/// <param name="ScoresWrongSign">The same with the published scripts' sign.</param>
/// <param name="Notes">Types that say little or nothing about batches, in words.</param>
/// <param name="Seconds">Wall-clock time of everything.</param>
public sealed record BatchEffectResult(
    BatchEffectScore Before,
    BatchEffectScore After,
    IReadOnlyList<BatchEffectScore> Null,
    SignComparison Sign,
    IReadOnlyList<int> Cells,
    IReadOnlyList<double> ScoresBefore,
    IReadOnlyList<double> ScoresAfter,
    IReadOnlyList<double> ScoresNull,
    IReadOnlyList<double> ScoresRightSign,
    IReadOnlyList<double> ScoresWrongSign,
    IReadOnlyList<string> Notes,
    double Seconds);
