using FlowRatio.Engine.Models;

namespace FlowRatio.Training;

/// <summary>A trained classifier.</summary>
/// <param name="Model">The weights with the smallest held-out log-loss.</param>
/// <param name="Steps">Steps done when training stopped.</param>
/// <param name="BestStep">Step of the kept weights; 0 where no network was better than the classes' shares.</param>
/// <param name="HeldOutLogLoss">Log-loss of the kept weights on the held-out rows, in nats.</param>
/// <param name="Elapsed">Time of the training.</param>
public sealed record ClassifierTrainingResult(ClassifierModel Model, int Steps, int BestStep, double HeldOutLogLoss, TimeSpan Elapsed);
