using System.Text.Json.Serialization;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>What the training took and reached.</summary>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="FinalLoss">Velocity plus score loss, mean over the last steps.</param>
/// <param name="ValidationLoss">The same on held-out rows with averaged weights, or null.</param>
/// <param name="Parameters">Number of parameters.</param>
public sealed record TrainReport(
    int Steps,
    double Seconds,
    double FinalLoss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ValidationLoss,
    int Parameters)
{
    /// <summary>Loss against steps, or null if it was not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(OneLineJson<CurvePoint>))]
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>The base under the networks in a few words, or null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Base { get; init; }

    /// <summary>Factors of what velocity and score head learned beside a base (see ResidualGate), or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Gate { get; init; }

    /// <summary>Damping with which layers' inputs were whitened, or null for plain gradients.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Whitening { get; init; }

    /// <summary>How the base was chosen, or null where it was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BaseSelection? BaseSelection { get; init; }

    /// <summary>What was asked of the device per step, or null on the CPU.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LaunchReport? Launches { get; init; }

    /// <summary>Summarises a training.</summary>
    /// <param name="result">The training.</param>
    /// <param name="steps">Its steps.</param>
    public static TrainReport Of(Training.TrainingResult result, int steps)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new TrainReport(
            steps,
            result.Duration.TotalSeconds,
            result.FinalLoss.Total,
            result.FinalValidation?.Total,
            result.Model.Network.ParameterCount)
        {
            Base = result.Model.Base?.Summary,
            BaseSelection = result.BaseSelection,
            Whitening = result.Whitening,
            Gate = result.Gate is { } gate ? [gate.Velocity, gate.Score] : null,
            Curve = [.. result.Curve.Select(point => new CurvePoint(point.Step, point.Training.Total, point.Validation?.Total))],
        };
    }
}
