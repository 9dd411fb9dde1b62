using System.Collections.Immutable;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.BaseFlows;

/// <summary>
/// A mixture of Gaussians over some of the coordinates, whose path is known in closed form: one factor of a <see cref="BaseDensity"/>. A mixture stays
/// one under a Gaussian path; with the responsibilities r_k of the components at (x, t): u = sum r_k u_k, s = sum r_k s_k,
/// J_u v = sum r_k J_k v + sum r_k u_k ((s_k - s) . v) and div u = sum r_k tr J_k + sum r_k u_k . (s_k - s).
/// Points, fields and tangents are those of the factor's m coordinates, in their order.
/// </summary>
public sealed class BaseFactor
{
    // Weights that sum to one up to rounding are left as they are, so that a density can be stored and read without a change.
    private const double SumTolerance = 1e-12;
    private const int MostOnStack = 1024;

    // A term smaller than the largest by this factor, e to it, is less than rounding.
    private const double Negligible = -40;

    private readonly double[] logWeights;

    /// <summary>Puts a mixture together; weights are scaled to a sum of one.</summary>
    /// <param name="coordinates">Numbers of the m coordinates, ascending.</param>
    /// <param name="components">Components of dimension m, at least one.</param>
    /// <exception cref="ArgumentException">No components, of several dimensions, or not of as many as there are coordinates.</exception>
    public BaseFactor(ReadOnlySpan<int> coordinates, IEnumerable<GaussianComponent> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        GaussianComponent[] given = [.. components];
        if (given.Length == 0 || given.Any(component => component.Dimension != given[0].Dimension))
        {
            throw new ArgumentException(
                $"components has {given.Length} entries of dimension {string.Join(", ", given.Select(c => c.Dimension).Distinct())}; "
                + "at least one, all of one dimension, is needed.",
                nameof(components));
        }

        if (coordinates.Length != given[0].Dimension)
        {
            throw new ArgumentException(
                $"coordinates has {coordinates.Length} entries for components of dimension {given[0].Dimension}.", nameof(coordinates));
        }

        for (int i = 0; i < coordinates.Length; i++)
        {
            if (coordinates[i] < 0 || (i > 0 && coordinates[i] <= coordinates[i - 1]))
            {
                throw new ArgumentException($"coordinates has {coordinates[i]} at {i}; ascending numbers are needed.", nameof(coordinates));
            }
        }

        Coordinates = [.. coordinates];
        double sum = given.Sum(component => component.Weight);
        Components = Math.Abs(sum - 1) < SumTolerance
            ? [.. given]
            : [.. given.Select(component => component.WithWeight(component.Weight / sum))];
        logWeights = [.. Components.Select(component => Math.Log(component.Weight))];
    }

    /// <summary>Numbers of the m coordinates, ascending.</summary>
    public ImmutableArray<int> Coordinates { get; }

    /// <summary>The components; their weights sum to one.</summary>
    public ImmutableArray<GaussianComponent> Components { get; }

    /// <summary>Number m of coordinates.</summary>
    public int Dimension => Components[0].Dimension;

    /// <summary>Velocity, score, divergence and log-density of the path at one point, in double precision.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t in [0, 1].</param>
    /// <param name="point">x, m values.</param>
    /// <param name="velocity">u, overwritten.</param>
    /// <param name="score">s, overwritten.</param>
    /// <param name="divergence">div u.</param>
    /// <returns>log p_t(x) in nats.</returns>
    public double Evaluate(
        PathConstants path, double time, ReadOnlySpan<double> point, Span<double> velocity, Span<double> score, out double divergence)
    {
        if (Components.Length == 1)
        {
            return Components[0].Evaluate(path, time, point, velocity, score, out divergence);
        }

        Terms terms = Expand(path, time, point);
        velocity.Clear();
        score.Clear();
        for (int k = 0; k < Components.Length; k++)
        {
            for (int j = 0; j < Dimension; j++)
            {
                velocity[j] += terms.Responsibilities[k] * terms.Velocities[k][j];
                score[j] += terms.Responsibilities[k] * terms.Scores[k][j];
            }
        }

        divergence = 0;
        for (int k = 0; k < Components.Length; k++)
        {
            double product = terms.Divergences[k];
            for (int j = 0; j < Dimension; j++)
            {
                product += terms.Velocities[k][j] * (terms.Scores[k][j] - score[j]);
            }

            divergence += terms.Responsibilities[k] * product;
        }

        return terms.LogDensity;
    }

    /// <summary>log p_t(x) in nats.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t in [0, 1].</param>
    /// <param name="point">x, m values.</param>
    public double LogDensity(PathConstants path, double time, ReadOnlySpan<double> point)
    {
        double largest = double.NegativeInfinity, sum = 0;
        Span<double> logs = Components.Length <= MostOnStack ? stackalloc double[Components.Length] : new double[Components.Length];
        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = Components[k].LogDensity(path, time, point) + logWeights[k];
            largest = Math.Max(largest, logs[k]);
        }

        foreach (double log in logs)
        {
            sum += log - largest > Negligible ? Math.Exp(log - largest) : 0;
        }

        return largest + Math.Log(sum);
    }

    /// <summary>Jacobian of the velocity times a vector.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t in [0, 1].</param>
    /// <param name="point">x, m values.</param>
    /// <param name="tangent">v, m values.</param>
    /// <param name="product">J_u v, overwritten.</param>
    public void Tangent(PathConstants path, double time, ReadOnlySpan<double> point, ReadOnlySpan<double> tangent, Span<double> product)
    {
        Terms terms = Expand(path, time, point);
        double[] score = new double[Dimension];
        for (int k = 0; k < Components.Length; k++)
        {
            for (int j = 0; j < Dimension; j++)
            {
                score[j] += terms.Responsibilities[k] * terms.Scores[k][j];
            }
        }

        double[] own = new double[Dimension];
        product.Clear();
        for (int k = 0; k < Components.Length; k++)
        {
            Components[k].Tangent(path, time, tangent, own);
            double slope = 0;
            for (int j = 0; j < Dimension; j++)
            {
                slope += (terms.Scores[k][j] - score[j]) * tangent[j];
            }

            for (int j = 0; j < Dimension; j++)
            {
                product[j] += terms.Responsibilities[k] * (own[j] + (terms.Velocities[k][j] * slope));
            }
        }
    }

    private Terms Expand(PathConstants path, double time, ReadOnlySpan<double> point)
    {
        int count = Components.Length;
        var terms = new Terms(new double[count], new double[count][], new double[count][], new double[count]);
        double largest = double.NegativeInfinity;
        for (int k = 0; k < count; k++)
        {
            terms.Velocities[k] = new double[Dimension];
            terms.Scores[k] = new double[Dimension];
            double log = Components[k].Evaluate(path, time, point, terms.Velocities[k], terms.Scores[k], out terms.Divergences[k]);
            terms.Responsibilities[k] = log + logWeights[k];
            largest = Math.Max(largest, terms.Responsibilities[k]);
        }

        double sum = 0;
        for (int k = 0; k < count; k++)
        {
            terms.Responsibilities[k] = Math.Exp(terms.Responsibilities[k] - largest);
            sum += terms.Responsibilities[k];
        }

        for (int k = 0; k < count; k++)
        {
            terms.Responsibilities[k] /= sum;
        }

        return terms with { LogDensity = largest + Math.Log(sum) };
    }

    private sealed record Terms(double[] Responsibilities, double[][] Velocities, double[][] Scores, double[] Divergences)
    {
        public double LogDensity { get; init; }
    }
}
