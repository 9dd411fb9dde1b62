namespace FlowRatio.Engine.Models;

/// <summary>
/// From raw points to the coordinates of a network: an optional projection on principal components, then an optional standardisation.
/// Log-ratios do not change under the standardisation, log-densities do by its <see cref="LogJacobian"/>; the projection has no
/// Jacobian, so behind it both speak of the projected points (see <see cref="PrincipalComponents"/>).
/// </summary>
public sealed class Preprocessing
{
    /// <summary>Puts the steps together.</summary>
    /// <param name="components">The projection; null for none.</param>
    /// <param name="standardization">The affine map after it; null for none.</param>
    /// <exception cref="ArgumentException">The steps do not fit together.</exception>
    public Preprocessing(PrincipalComponents? components, Standardization? standardization)
    {
        if (components is not null && standardization is not null && standardization.Mean.Length != components.Dimension)
        {
            throw new ArgumentException(
                $"standardization has {standardization.Mean.Length} coordinates; the projection has {components.Dimension}.", nameof(standardization));
        }

        Components = components;
        Standardization = standardization;
    }

    /// <summary>The projection; null for none.</summary>
    public PrincipalComponents? Components { get; }

    /// <summary>The affine map after it; null for none.</summary>
    public Standardization? Standardization { get; }

    /// <summary>Change of a log-density of the projected points under the standardisation, in nats.</summary>
    public double LogJacobian => Standardization?.LogJacobian ?? 0;

    /// <summary>Fits both steps.</summary>
    /// <param name="points">Row-major <c>[n, D]</c>.</param>
    /// <param name="dimension">D.</param>
    /// <param name="components">Number of principal components; null for no projection.</param>
    /// <param name="standardize">Whether to standardise.</param>
    public static Preprocessing Fit(ReadOnlySpan<float> points, int dimension, int? components, bool standardize)
    {
        PrincipalComponents? projection = components is { } count ? PrincipalComponentsFit.Fit(points, dimension, count) : null;
        var first = new Preprocessing(projection, null);
        return standardize
            ? new Preprocessing(projection, Standardization.Fit<float>(first.Apply(points), projection?.Dimension ?? dimension))
            : first;
    }

    /// <summary>Maps points.</summary>
    /// <param name="points">Row-major <c>[n, D]</c>.</param>
    /// <returns>Row-major <c>[n, k]</c>.</returns>
    public float[] Apply(ReadOnlySpan<float> points)
    {
        float[] result;
        if (Components is null)
        {
            result = points.ToArray();
        }
        else
        {
            result = new float[points.Length / Components.InputDimension * Components.Dimension];
            Components.Apply(points, result);
        }

        Standardization?.Apply<float>(result, result);
        return result;
    }
}
