using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>
/// Everything that a training has gathered by a step. Batches, times and noise are functions of (seed, step), so a training that is
/// restored from it goes on to the same bits.
/// </summary>
public sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public required int Step { get; init; }

    /// <summary>The weights.</summary>
    public required float[] Parameters { get; init; }

    /// <summary>Adam's mean of the gradients.</summary>
    public required float[] FirstMoment { get; init; }

    /// <summary>Adam's mean of their squares.</summary>
    public required float[] SecondMoment { get; init; }

    /// <summary>Average of the weights.</summary>
    public required float[] Average { get; init; }

    /// <summary>What whitens gradients: moments and inverses of all layers; empty where nothing does.</summary>
    public float[] Whitening { get; init; } = [];

    /// <summary>Averaged weights at the best point of the curve so far; null before the first.</summary>
    public float[]? Best { get; init; }

    /// <summary>Learning curve so far.</summary>
    public required IReadOnlyList<LearningCurvePoint> Curve { get; init; }

    /// <summary>Sum and number of losses since the last report.</summary>
    public (FlowMatchingLoss Sum, int Count) SinceReport { get; init; }

    /// <summary>Sum and number of losses since the last point of the curve.</summary>
    public (FlowMatchingLoss Sum, int Count) SinceCurve { get; init; }

    /// <summary>Loss of the first step, against which an explosion is measured; null before it.</summary>
    public FlowMatchingLoss? FirstLoss { get; init; }

    /// <summary>How often the training went back to its best weights; moments and average began anew at the last.</summary>
    public IReadOnlyList<TrainingRestart> Restarts { get; init; } = [];

    /// <summary>Wall-clock time so far.</summary>
    public TimeSpan Elapsed { get; init; }
}
