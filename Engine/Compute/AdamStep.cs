namespace FlowRatio.Engine.Compute;

/// <summary>The constants of one Adam step (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="Step">Number of this step, counted from 1 (bias correction).</param>
public readonly record struct AdamStep(double LearningRate, double Beta1, double Beta2, double Epsilon, long Step)
{
    /// <summary>
    /// Largest root mean square, over all parameters, of gradient / root of the corrected second moment (this gradient in it); a larger gradient is scaled
    /// down to it before the moments take it in. Where it is large the moments do not know the gradients any more, and steps would grow by what they do
    /// not know (the clipping of updates in Shazeer and Stern, "Adafactor", 2018, section 6, for all parameters together). 0 for none, as published.
    /// </summary>
    public double LargestRatio { get; init; }

    /// <summary>The factor of a gradient.</summary>
    /// <param name="squares">Mean of the squared ratios.</param>
    public double GradientScale(double squares)
    {
        // What is not a number scales nothing: it reaches the parameters, where it is seen.
        double ratio = Math.Sqrt(squares);
        return LargestRatio > 0 && ratio > LargestRatio ? LargestRatio / ratio : 1;
    }

    /// <summary>Factor of the first moment in the update: learning rate / (1 - Beta1^Step).</summary>
    public double CorrectedRate => LearningRate / (1 - Math.Pow(Beta1, Step));

    /// <summary>Square root of 1 - Beta2^Step: divides the root of the second moment.</summary>
    public double SecondMomentCorrection => Math.Sqrt(1 - Math.Pow(Beta2, Step));
}
