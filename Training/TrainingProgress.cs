using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean training loss since the last report.</param>
/// <param name="Validation">Latest validation loss of the averaged weights, or null.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct TrainingProgress(
    int Step, int Steps, FlowMatchingLoss Loss, FlowMatchingLoss? Validation, TimeSpan Elapsed)
{
    /// <summary>The base that a short pilot training tries, in order to choose one; null for the training itself.</summary>
    public string? Pilot { get; init; }

    /// <summary>The last time that the loss had jumped and the training went back; null as a rule.</summary>
    public TrainingRestart? Restart { get; init; }

    /// <summary>Steps of other trainings that came before: pilots.</summary>
    public int StepsBefore { get; init; }

    /// <summary>Steps of trainings that follow: further pilots and the training itself. An upper estimate.</summary>
    public int StepsAfter { get; init; }

    /// <summary>Share of all steps that are done, pilots included.</summary>
    public double Share => (StepsBefore + Step) / (double)(StepsBefore + Steps + StepsAfter);
}
