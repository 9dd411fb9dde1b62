namespace FlowRatio.Training.Objectives;

/// <summary>The two terms of the flow-matching loss, each a mean over rows and coordinates.</summary>
/// <param name="Velocity">L_u.</param>
/// <param name="Score">L_s.</param>
public readonly record struct FlowMatchingLoss(double Velocity, double Score)
{
    /// <summary>L_u + L_s.</summary>
    public double Total => Velocity + Score;

    /// <summary>Sum of two losses, term by term.</summary>
    /// <param name="other">The other loss.</param>
    /// <param name="weight">Its factor.</param>
    public FlowMatchingLoss Plus(FlowMatchingLoss other, double weight) =>
        new(Velocity + (weight * other.Velocity), Score + (weight * other.Score));
}
