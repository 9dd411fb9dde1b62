using FlowRatio.Engine.Paths;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Support;

/// <summary>
/// The exact time score of a path between two Gaussians: p_t = N(m_t, C_t) with m_t = a m_0 + t m_1 and C_t = a^2 S_0 + t^2 S_1 + n(t) I,
/// where a = 1 - t and n = v2 t (1 - t), or a = 0 and n = 1 - t^2.
/// </summary>
/// <param name="path">The path.</param>
/// <param name="source">p; not used by the one-sided path, which starts from N(0, I).</param>
/// <param name="target">q.</param>
public sealed class GaussianTimeScore(TimeScorePath path, GaussianDistribution source, GaussianDistribution target)
{
    private readonly Matrix<double> identity = Matrix<double>.Build.DenseIdentity(target.Dimension);

    /// <summary>d.</summary>
    public int Dimension => target.Dimension;

    /// <summary>The path.</summary>
    public TimeScorePath Path => path;

    /// <summary>p_t.</summary>
    public GaussianDistribution At(double t)
    {
        double a = path.SourceCoefficient(t);
        return new GaussianDistribution(
            (a * source.Mean) + (t * target.Mean),
            (a * a * source.Covariance) + (t * t * target.Covariance) + (path.NoiseVariance(t) * identity));
    }

    /// <summary>d/dt log p_t(x).</summary>
    public double Value(Vector<double> x, double t)
    {
        double a = path.SourceCoefficient(t);
        double aSlope = path.IsTwoSided ? -1 : 0;
        double noiseSlope = path.IsTwoSided ? path.Variance * (1 - (2 * t)) : -2 * t;
        Vector<double> meanSlope = (aSlope * source.Mean) + target.Mean;
        Matrix<double> covarianceSlope =
            (2 * a * aSlope * source.Covariance) + (2 * t * target.Covariance) + (noiseSlope * identity);
        GaussianDistribution marginal = At(t);
        var factor = marginal.Covariance.Cholesky();
        Vector<double> pull = factor.Solve(x - marginal.Mean);
        return (-0.5 * factor.Solve(covarianceSlope).Trace()) + (meanSlope * pull) + (0.5 * (pull * (covarianceSlope * pull)));
    }

    /// <summary>Its derivative in t at fixed x.</summary>
    public double Slope(Vector<double> x, double t) => FiniteDifference.Derivative(time => Value(x, time), t, 1e-6);

    /// <summary>
    /// E[sqrt(lambda) g_j | x_t = x] for every coordinate, from the joint Gaussian of x_0, x_1 and the noise: the exact minimiser of the
    /// regression per coordinate. Its sum is sqrt(lambda) times the time score.
    /// </summary>
    public Vector<double> ConditionalTarget(Vector<double> x, double t)
    {
        // x_t = a x_0 + t x_1 + s eps, displacement = b x_0 + x_1 with b = -1, or 0.
        double a = path.SourceCoefficient(t), s = Math.Sqrt(path.NoiseVariance(t));
        double b = path.IsTwoSided ? -1 : 0;
        GaussianDistribution marginal = At(t);
        var factor = marginal.Covariance.Cholesky();
        Vector<double> pull = factor.Solve(x - marginal.Mean);
        Matrix<double> withDisplacement = (b * a * source.Covariance) + (t * target.Covariance);
        Vector<double> noiseMean = s * pull;
        Vector<double> displacementMean = (b * source.Mean) + target.Mean + (withDisplacement * pull);
        Matrix<double> noiseCovariance = identity - (s * s * factor.Solve(identity));
        Matrix<double> crossCovariance = -s * factor.Solve(withDisplacement.Transpose());
        return Vector<double>.Build.Dense(Dimension, j =>
            (path.NoiseTarget(t) * ((noiseMean[j] * noiseMean[j]) + noiseCovariance[j, j] - 1))
            + (path.DisplacementTarget(t) * ((noiseMean[j] * displacementMean[j]) + crossCovariance[j, j])));
    }
}
