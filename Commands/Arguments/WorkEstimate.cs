using FlowRatio.Engine.Networks;

namespace FlowRatio.Commands.Arguments;

/// <summary>How much a command is to compute, in floating-point operations and to a factor of a few: products with the networks' weights.</summary>
internal static class WorkEstimate
{
    // A value and its tangent through every weight; four stages of Runge and Kutta per step.
    private const double PerWeightAndEvaluation = 4;
    private const double EvaluationsPerStep = 4;

    // Forward, gradients of inputs and of weights.
    private const double PerWeightAndTrainedRow = 6;

    /// <summary>A training.</summary>
    public static double OfTraining(NetworkShape shape, double batch, double steps) => PerWeightAndTrainedRow * Weights(shape) * batch * steps;

    /// <summary>Rows taken along trajectories.</summary>
    public static double OfTrajectories(NetworkShape shape, double rows, double steps) =>
        PerWeightAndEvaluation * EvaluationsPerStep * Weights(shape) * rows * steps;

    private static double Weights(NetworkShape shape) => new VelocityScoreNetwork(shape).ParameterCount;
}
