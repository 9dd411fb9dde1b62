namespace FlowRatio.Training.Records;

/// <summary>A <see cref="TrainingRestart"/> in a file.</summary>
/// <param name="Step">The step at which the loss had jumped.</param>
/// <param name="BackTo">The step whose weights were taken again.</param>
/// <param name="Loss">The loss then; null where it was not finite.</param>
public sealed record RestartRecord(int Step, int BackTo, double? Loss = null)
{
    /// <summary>The record of a restart.</summary>
    /// <param name="restart">The restart.</param>
    public static RestartRecord Of(TrainingRestart restart) =>
        new(restart.Step, restart.BackTo, double.IsFinite(restart.Loss) ? restart.Loss : null);

    /// <summary>The restart.</summary>
    public TrainingRestart ToRestart() => new(Step, Loss ?? double.NaN, BackTo);
}
