namespace FlowRatio.Training;

/// <summary>A training that had jumped and went back to its best weights, with half the learning rate from then on and new moments of Adam.</summary>
/// <param name="Step">The step at which the loss had jumped.</param>
/// <param name="Loss">The loss then: held-out where rows are held out, the training's otherwise; NaN where it was not finite.</param>
/// <param name="BackTo">The step whose averaged weights were taken again; 0 for the initial ones.</param>
public readonly record struct TrainingRestart(int Step, double Loss, int BackTo)
{
    /// <summary>What is told, in one line.</summary>
    public override string ToString() =>
        $"step {Step:#,0}: the loss {(double.IsFinite(Loss) ? FormattableString.Invariant($"jumped to {Loss:G4}") : "was no longer finite")}; "
        + $"went back to the weights of step {BackTo:#,0}, with half the learning rate";
}
