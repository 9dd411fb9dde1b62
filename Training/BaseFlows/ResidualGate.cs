using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// How much of what the networks learned beyond the base is kept. Where the base is already right they have learned noise, and a factor of
/// zero is the best; where it is not, the factor is near one. It minimises the loss on held-out path samples, for each head, and is folded
/// into the weights of the head's output layer.
/// </summary>
/// <param name="Velocity">Factor of the velocity head.</param>
/// <param name="Score">Factor of the score head.</param>
/// <param name="VelocityError">Standard error of the velocity's factor before it was limited.</param>
/// <param name="ScoreError">Standard error of the score's factor before it was limited.</param>
public sealed record ResidualGate(double Velocity, double Score, double VelocityError, double ScoreError)
{
    // A factor closer to zero than this many standard errors is taken as zero.
    private const double Significance = 2;

    /// <summary>Measures the factors.</summary>
    /// <param name="heldOut">Objective on rows that were not trained on.</param>
    /// <param name="parameters">Trained parameters.</param>
    /// <param name="firstBatch">Number of the first batch.</param>
    /// <param name="batches">Number of batches.</param>
    public static ResidualGate Measure(FlowMatchingObjective heldOut, ParameterBuffer parameters, long firstBatch, int batches)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        HeadResidual velocity = new(), score = new();
        for (int i = 0; i < batches; i++)
        {
            heldOut.Forward(parameters, firstBatch + i);
            heldOut.AddResiduals(velocity, score);
        }

        return new ResidualGate(Limit(velocity), Limit(score), velocity.StandardError, score.StandardError);
    }

    /// <summary>Folds the factors into parameters.</summary>
    /// <param name="network">Where the layers lie.</param>
    /// <param name="parameters">All parameters, changed.</param>
    public void Apply(VelocityScoreNetwork network, Span<float> parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        Scale(network.VelocityHead[^1], Velocity, parameters);
        Scale(network.ScoreHead[^1], Score, parameters);
    }

    /// <summary>Sets the output layers of both heads to zero, so that training begins with the base itself.</summary>
    /// <param name="network">Where the layers lie.</param>
    /// <param name="parameters">All parameters, changed.</param>
    public static void Close(VelocityScoreNetwork network, Span<float> parameters) => new ResidualGate(0, 0, 0, 0).Apply(network, parameters);

    private static double Limit(HeadResidual residual)
    {
        double factor = residual.BestFactor;
        return factor < Significance * residual.StandardError ? 0 : Math.Min(factor, 1);
    }

    private static void Scale(LinearLayer layer, double factor, Span<float> parameters)
    {
        foreach (ref float value in parameters.Slice(layer.Offset, layer.Length))
        {
            value = (float)(factor * value);
        }
    }
}
