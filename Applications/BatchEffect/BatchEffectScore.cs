namespace FlowRatio.Applications.BatchEffect;

/// <summary>How much batches differ within types, on cells that no training has seen.</summary>
/// <param name="Name">Which coordinates, or which labels.</param>
/// <param name="MeanAbsolute">Mean of |log p(x | type, batch) - log p(x | type)| over the scored cells, in nats, log p(x | type) being the mixture of the batches.</param>
/// <param name="Information">
/// Mean of log p(x | type, batch) - log p(x | type) over the scored cells, in nats: an estimate of the information between cell state and
/// batch given the type, zero without an effect and at most the entropy of the batch.
/// </param>
/// <param name="PermutedInformation">Mean over permutations of the same with permuted labels.</param>
/// <param name="PermutedDeviation">Standard deviation over permutations.</param>
/// <param name="P">
/// Share of permutations, the observed labels among them, with at least the observed information; null without trainings on permuted labels, which show
/// that it is not small without an effect.
/// </param>
/// <param name="DroppedMeanAbsolute">
/// Mean |score| with log p(x | type) from training with dropped batches, as published; in short trainings that density is learned worse than
/// those of the batches, and the score is biased upwards.
/// </param>
/// <param name="AboveBound">Share of cells whose score with dropped batches exceeds -log P(batch | type), which no exact score does, by more than 0.1 nats.</param>
/// <param name="Missing">Cells without a finite score; they are left out.</param>
/// <param name="Seconds">Wall-clock time of training and scoring.</param>
public sealed record BatchEffectScore(
    string Name,
    double MeanAbsolute,
    double Information,
    double PermutedInformation,
    double PermutedDeviation,
    double? P,
    double DroppedMeanAbsolute,
    double AboveBound,
    int Missing,
    double Seconds);
