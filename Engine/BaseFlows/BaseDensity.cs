using System.Collections.Immutable;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.BaseFlows;

/// <summary>
/// A density whose path is known in closed form: a product of independent factors, each a mixture of Gaussians over coordinates of its own
/// (<see cref="BaseFactor"/>); one factor of all coordinates is a mixture. Independent coordinates stay independent under a Gaussian path, so velocity, score
/// and tangent are the factors' side by side, and log-density and divergence their sums.
/// </summary>
public sealed class BaseDensity
{
    /// <summary>A mixture of Gaussians over all coordinates; weights are scaled to a sum of one.</summary>
    /// <param name="components">Components of one dimension, at least one.</param>
    /// <exception cref="ArgumentException">No components, or of several dimensions.</exception>
    public BaseDensity(params IEnumerable<GaussianComponent> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        GaussianComponent[] given = [.. components];
        Factors = [new BaseFactor([.. Enumerable.Range(0, given.Length == 0 ? 0 : given[0].Dimension)], given)];
        Components = Factors[0].Components;
        Dimension = Factors[0].Dimension;
    }

    /// <summary>A product of factors.</summary>
    /// <param name="factors">At least one; every coordinate is in exactly one of them.</param>
    /// <exception cref="ArgumentException">No factors, or coordinates that are missing or in two of them.</exception>
    public BaseDensity(IEnumerable<BaseFactor> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        Factors = [.. factors];
        Dimension = Factors.Sum(factor => factor.Dimension);
        if (Dimension == 0 || !Factors.SelectMany(factor => factor.Coordinates).Order().SequenceEqual(Enumerable.Range(0, Dimension)))
        {
            throw new ArgumentException($"The {Factors.Length} factors do not cover each of {Dimension} coordinates once.", nameof(factors));
        }

        Components = [.. Factors.SelectMany(factor => factor.Components)];
    }

    /// <summary>The factors; one for a mixture over all coordinates.</summary>
    public ImmutableArray<BaseFactor> Factors { get; }

    /// <summary>The components of all factors, factor after factor.</summary>
    public ImmutableArray<GaussianComponent> Components { get; }

    /// <summary>Dimension d.</summary>
    public int Dimension { get; }

    /// <summary>The factor that a coordinate belongs to.</summary>
    /// <param name="coordinate">Number of the coordinate.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such coordinate.</exception>
    public BaseFactor FactorOf(int coordinate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(coordinate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(coordinate, Dimension);
        return Factors.First(factor => factor.Coordinates.Contains(coordinate));
    }

    /// <summary>Velocity, score, divergence and log-density of the path at one point, in double precision.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t in [0, 1].</param>
    /// <param name="point">x, d values.</param>
    /// <param name="velocity">u, overwritten.</param>
    /// <param name="score">s, overwritten.</param>
    /// <param name="divergence">div u.</param>
    /// <returns>log p_t(x) in nats.</returns>
    public double Evaluate(
        PathConstants path, double time, ReadOnlySpan<double> point, Span<double> velocity, Span<double> score, out double divergence)
    {
        if (Factors.Length == 1)
        {
            return Factors[0].Evaluate(path, time, point, velocity, score, out divergence);
        }

        divergence = 0;
        double logDensity = 0;
        foreach (BaseFactor factor in Factors)
        {
            double[] u = new double[factor.Dimension], s = new double[factor.Dimension];
            logDensity += factor.Evaluate(path, time, Own(factor, point), u, s, out double own);
            divergence += own;
            Spread(factor, u, velocity);
            Spread(factor, s, score);
        }

        return logDensity;
    }

    /// <summary>log p_t(x) in nats.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t in [0, 1].</param>
    /// <param name="point">x, d values.</param>
    public double LogDensity(PathConstants path, double time, ReadOnlySpan<double> point)
    {
        if (Factors.Length == 1)
        {
            return Factors[0].LogDensity(path, time, point);
        }

        double sum = 0;
        foreach (BaseFactor factor in Factors)
        {
            sum += factor.LogDensity(path, time, Own(factor, point));
        }

        return sum;
    }

    /// <summary>Jacobian of the velocity times a vector.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t in [0, 1].</param>
    /// <param name="point">x, d values.</param>
    /// <param name="tangent">v, d values.</param>
    /// <param name="product">J_u v, overwritten.</param>
    public void Tangent(PathConstants path, double time, ReadOnlySpan<double> point, ReadOnlySpan<double> tangent, Span<double> product)
    {
        foreach (BaseFactor factor in Factors)
        {
            double[] own = new double[factor.Dimension];
            factor.Tangent(path, time, Own(factor, point), Own(factor, tangent), own);
            Spread(factor, own, product);
        }
    }

    private static double[] Own(BaseFactor factor, ReadOnlySpan<double> all)
    {
        double[] own = new double[factor.Dimension];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = all[factor.Coordinates[i]];
        }

        return own;
    }

    private static void Spread(BaseFactor factor, ReadOnlySpan<double> own, Span<double> all)
    {
        for (int i = 0; i < own.Length; i++)
        {
            all[factor.Coordinates[i]] = own[i];
        }
    }
}
