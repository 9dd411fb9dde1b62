namespace FlowRatio.Engine.Solvers;

/// <summary>
/// Step sizes from embedded errors: a proportional-integral controller (Hairer, Norsett, Wanner, "Solving ordinary differential
/// equations I", section IV.2; Gustafsson, 1991) and the starting step of section II.4.
/// </summary>
/// <param name="Order">Order of the method; its embedded estimate is of order Order - 1.</param>
internal readonly record struct StepController(int Order)
{
    private const double Safety = 0.9;
    private const double SmallestFactor = 0.2;
    private const double LargestFactor = 8;
    private const double IntegralShare = 0.04;
    private const double SmallestNorm = 1e-4;

    /// <summary>Factor for the next step after an accepted one.</summary>
    /// <param name="norm">Error of this step, at most 1.</param>
    /// <param name="previousNorm">Error of the accepted step before.</param>
    /// <param name="afterRejection">Whether this step was tried before with a larger size: then it must not grow.</param>
    public double AfterAccepted(double norm, double previousNorm, bool afterRejection)
    {
        double proportional = (1.0 / Order) - (0.75 * IntegralShare);
        double factor = Safety
            * Math.Pow(Math.Max(norm, SmallestNorm), -proportional)
            * Math.Pow(Math.Max(previousNorm, SmallestNorm), IntegralShare);
        return Math.Clamp(factor, SmallestFactor, afterRejection ? 1 : LargestFactor);
    }

    /// <summary>Factor after a rejected step.</summary>
    /// <param name="norm">Error of this step, above 1 or not a number.</param>
    /// <param name="again">
    /// Whether the step before was rejected as well: then the error does not fall with the method's order (a jump lies in the step), and the first is assumed.
    /// </param>
    public double AfterRejected(double norm, bool again) =>
        double.IsFinite(norm) ? Math.Clamp(Safety * Math.Pow(norm, again ? -1 : -1.0 / Order), SmallestFactor, 1) : SmallestFactor;

    /// <summary>A first guess of the starting step, from the sizes of state and derivative in units of the tolerance.</summary>
    public static double FirstGuess(double stateNorm, double derivativeNorm) =>
        stateNorm < 1e-5 || derivativeNorm < 1e-5 ? 1e-6 : 0.01 * stateNorm / derivativeNorm;

    /// <summary>The starting step, once the second derivative is known.</summary>
    public double Start(double firstGuess, double derivativeNorm, double secondDerivativeNorm)
    {
        double larger = Math.Max(derivativeNorm, secondDerivativeNorm);
        double step = larger <= 1e-15 ? Math.Max(1e-6, firstGuess * 1e-3) : Math.Pow(0.01 / larger, 1.0 / Order);
        return Math.Min(100 * firstGuess, step);
    }
}
