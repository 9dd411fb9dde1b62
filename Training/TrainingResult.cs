using FlowRatio.Engine.Models;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>A trained model and the record of its training.</summary>
/// <param name="Model">The model, with averaged weights.</param>
/// <param name="Curve">Learning curve.</param>
/// <param name="Duration">Wall-clock time, that of interrupted parts included.</param>
public sealed record TrainingResult(FlowModel Model, IReadOnlyList<LearningCurvePoint> Curve, TimeSpan Duration)
{
    /// <summary>Step whose averaged weights the model has: the last one done, or the best with <see cref="TrainingOptions.Patience"/>.</summary>
    public int ModelStep { get; init; } = Curve.Count == 0 ? 0 : Curve[^1].Step;

    /// <summary>Damping with which layers' inputs were whitened, or null for plain gradients (beside a base, or by <see cref="TrainingOptions.MostWhitenedPasses"/>).</summary>
    public double? Whitening { get; init; }

    /// <summary>How much of the networks was kept beside a base, or null where nothing was held back (<see cref="TrainingOptions.GateResidual"/>).</summary>
    public ResidualGate? Gate { get; init; }

    /// <summary>Validation loss with that gate, on the same samples as the curve's; or null.</summary>
    public FlowMatchingLoss? GatedValidation { get; init; }

    /// <summary>How the base was chosen, where that was left to the program; or null.</summary>
    public BaseSelection? BaseSelection { get; init; }

    /// <summary>Numbers of the rows that were held out.</summary>
    public IReadOnlyList<int> HeldOut { get; init; } = [];

    /// <summary>Training loss at the end of the curve.</summary>
    public FlowMatchingLoss FinalLoss => Curve[^1].Training;

    /// <summary>Validation loss of the model: at the end of the curve, or with a base's gate; or null.</summary>
    public FlowMatchingLoss? FinalValidation => GatedValidation ?? Curve[^1].Validation;
}
