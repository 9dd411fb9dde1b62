using System.Collections.Immutable;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.BaseFlows;

/// <summary>
/// One Gaussian N(mu, S) of a base density. Under x_t = t x_1 + sigma_t eps it stays Gaussian, with covariance C_t = t^2 S + sigma_t^2 I, and
/// everything about its path is diagonal along the principal directions of S: with y = Q^T (x - t mu), c_i = t^2 lambda_i + sigma_t^2 and
/// g_i = (t lambda_i + sigma_t sigma'_t) / c_i the velocity is mu + Q (g y), the score -Q (y / c), the divergence sum g_i.
/// </summary>
public sealed class GaussianComponent
{
    /// <summary>Puts a component together.</summary>
    /// <param name="weight">Weight in the mixture, positive.</param>
    /// <param name="mean">mu.</param>
    /// <param name="blocks">S: every coordinate in exactly one block.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public GaussianComponent(double weight, ReadOnlySpan<double> mean, IEnumerable<EigenBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        if (!(weight > 0) || !double.IsFinite(weight))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, $"weight is {weight}; a positive number is needed.");
        }

        foreach (double value in mean)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"mean has the value {value}; finite numbers are needed.", nameof(mean));
            }
        }

        Weight = weight;
        Mean = [.. mean];
        Blocks = [.. blocks];
        int[] covered = [.. Blocks.SelectMany(block => block.Coordinates).Order()];
        if (!covered.SequenceEqual(Enumerable.Range(0, mean.Length)))
        {
            throw new ArgumentException($"The blocks do not cover each of {mean.Length} coordinates once.", nameof(blocks));
        }
    }

    /// <summary>Weight in the mixture.</summary>
    public double Weight { get; }

    /// <summary>mu.</summary>
    public ImmutableArray<double> Mean { get; }

    /// <summary>S.</summary>
    public ImmutableArray<EigenBlock> Blocks { get; }

    /// <summary>Dimension d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The same Gaussian with another weight.</summary>
    /// <param name="weight">The weight.</param>
    public GaussianComponent WithWeight(double weight) => new(weight, Mean.AsSpan(), Blocks);

    /// <summary>Velocity, score and divergence of the path at one point.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t.</param>
    /// <param name="point">x.</param>
    /// <param name="velocity">u, overwritten.</param>
    /// <param name="score">s, overwritten.</param>
    /// <param name="divergence">div u.</param>
    /// <returns>log N(x; t mu, C_t), without the weight.</returns>
    public double Evaluate(
        PathConstants path, double time, ReadOnlySpan<double> point, Span<double> velocity, Span<double> score, out double divergence)
    {
        Mean.AsSpan().CopyTo(velocity);
        score.Clear();
        divergence = 0;
        double sum = Dimension * Math.Log(2 * Math.PI);
        foreach (EigenBlock block in Blocks)
        {
            for (int i = 0; i < block.Size; i++)
            {
                ReadOnlySpan<double> direction = block.Directions.AsSpan().Slice(i * block.Size, block.Size);
                double y = 0;
                for (int j = 0; j < block.Size; j++)
                {
                    int at = block.Coordinates[j];
                    y += direction[j] * (point[at] - (time * Mean[at]));
                }

                (double c, double g) = Rates(path, time, block.Variances[i]);
                divergence += g;
                sum += Math.Log(c) + (y * y / c);
                for (int j = 0; j < block.Size; j++)
                {
                    velocity[block.Coordinates[j]] += direction[j] * g * y;
                    score[block.Coordinates[j]] -= direction[j] * y / c;
                }
            }
        }

        return -0.5 * sum;
    }

    /// <summary>The same log-density without the fields, which takes half the time.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t.</param>
    /// <param name="point">x.</param>
    /// <returns>log N(x; t mu, C_t), without the weight.</returns>
    public double LogDensity(PathConstants path, double time, ReadOnlySpan<double> point)
    {
        double sum = Dimension * Math.Log(2 * Math.PI), added = path.SigmaSquared(time), determinant = 1;
        ReadOnlySpan<double> mean = Mean.AsSpan();
        foreach (EigenBlock block in Blocks)
        {
            ReadOnlySpan<double> directions = block.Directions.AsSpan();
            ReadOnlySpan<int> coordinates = block.Coordinates.AsSpan();
            for (int i = 0; i < coordinates.Length; i++)
            {
                double y = 0;
                for (int j = 0; j < coordinates.Length; j++)
                {
                    int at = coordinates[j];
                    y += directions[(i * coordinates.Length) + j] * (point[at] - (time * mean[at]));
                }

                double variance = (time * time * block.Variances[i]) + added;
                sum += y * y / variance;

                // One logarithm for many variances, as long as their product is an ordinary number.
                determinant *= variance;
                if (determinant is < 1e-200 or > 1e200)
                {
                    sum += Math.Log(determinant);
                    determinant = 1;
                }
            }
        }

        return -0.5 * (sum + Math.Log(determinant));
    }

    /// <summary>Jacobian of the velocity, Q diag(g) Q^T, times a vector.</summary>
    /// <param name="path">The schedule.</param>
    /// <param name="time">t.</param>
    /// <param name="tangent">v.</param>
    /// <param name="product">J v, overwritten.</param>
    public void Tangent(PathConstants path, double time, ReadOnlySpan<double> tangent, Span<double> product)
    {
        product.Clear();
        foreach (EigenBlock block in Blocks)
        {
            for (int i = 0; i < block.Size; i++)
            {
                ReadOnlySpan<double> direction = block.Directions.AsSpan().Slice(i * block.Size, block.Size);
                double y = 0;
                for (int j = 0; j < block.Size; j++)
                {
                    y += direction[j] * tangent[block.Coordinates[j]];
                }

                (_, double g) = Rates(path, time, block.Variances[i]);
                for (int j = 0; j < block.Size; j++)
                {
                    product[block.Coordinates[j]] += direction[j] * g * y;
                }
            }
        }
    }

    private static (double Variance, double Rate) Rates(PathConstants path, double time, double variance)
    {
        double c = (time * time * variance) + path.SigmaSquared(time);
        return (c, ((time * variance) + path.SigmaSigmaPrime(time)) / c);
    }
}
