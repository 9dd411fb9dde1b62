namespace FlowRatio.Engine.Compute;

/// <summary>The constants of one Adam step (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="Step">Number of this step, counted from 1 (bias correction).</param>
public readonly record struct AdamStep(double LearningRate, double Beta1, double Beta2, double Epsilon, long Step)
{
    /// <summary>Factor of the first moment in the update: learning rate / (1 - Beta1^Step).</summary>
    public double CorrectedRate => LearningRate / (1 - Math.Pow(Beta1, Step));

    /// <summary>Square root of 1 - Beta2^Step: divides the root of the second moment.</summary>
    public double SecondMomentCorrection => Math.Sqrt(1 - Math.Pow(Beta2, Step));
}
