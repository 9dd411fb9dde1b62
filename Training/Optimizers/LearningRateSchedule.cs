namespace FlowRatio.Training.Optimizers;

/// <summary>Learning rate as a function of the step.</summary>
public sealed record LearningRateSchedule
{
    private LearningRateSchedule(double rate, double warmUpFraction, double finalFraction)
    {
        if (!(rate > 0) || !double.IsFinite(rate))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"The learning rate is {rate}; a positive number is needed.");
        }

        Peak = rate;
        WarmUpFraction = warmUpFraction;
        FinalFraction = finalFraction;
    }

    /// <summary>Largest learning rate.</summary>
    public double Peak { get; }

    /// <summary>Share of the steps in which the rate rises linearly from zero.</summary>
    public double WarmUpFraction { get; }

    /// <summary>Rate at the last step as a share of the peak; 1 for a constant rate.</summary>
    public double FinalFraction { get; }

    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">Learning rate.</param>
    public static LearningRateSchedule Constant(double rate) => new(rate, 0, 1);

    /// <summary>Linear warm-up, then half a cosine down (Loshchilov and Hutter, "SGDR", 2017, without restarts).</summary>
    /// <param name="peak">Largest rate.</param>
    /// <param name="warmUpFraction">Share of the steps for the warm-up, in [0, 1).</param>
    /// <param name="finalFraction">Rate at the end as a share of the peak, in [0, 1].</param>
    public static LearningRateSchedule WarmUpCosine(double peak, double warmUpFraction = 0.02, double finalFraction = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmUpFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(warmUpFraction, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(finalFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(finalFraction, 1);
        return new LearningRateSchedule(peak, warmUpFraction, finalFraction);
    }

    /// <summary>The rate of one step.</summary>
    /// <param name="step">Step, from 0.</param>
    /// <param name="steps">Steps in all.</param>
    public double Rate(long step, long steps)
    {
        // The middle of the step, so that the last one still moves.
        double position = (step + 0.5) / steps;
        if (position < WarmUpFraction)
        {
            return Peak * position / WarmUpFraction;
        }

        double descent = (position - WarmUpFraction) / (1 - WarmUpFraction);
        double cosine = 0.5 * (1 + Math.Cos(Math.PI * descent));
        return Peak * (FinalFraction + ((1 - FinalFraction) * cosine));
    }
}
