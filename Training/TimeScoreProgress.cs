namespace FlowRatio.Training;

/// <summary>How far the training of a time score is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean training loss since the last report; TSM's lacks a constant and is negative.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct TimeScoreProgress(int Step, int Steps, double Loss, TimeSpan Elapsed);
