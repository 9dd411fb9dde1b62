using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Models;

/// <summary>
/// A projection onto the k directions of largest variance, x -> V (x - Mean) with orthonormal rows V. It is fitted by
/// <see cref="PrincipalComponentsFit"/>. Between its coordinates and the data there is no Jacobian: k coordinates have no density in D dimensions,
/// so a log-density behind a projection is one of the projected points. Log-ratios, too, are those of the projected points.
/// </summary>
public sealed class PrincipalComponents
{
    private readonly double[] mean;
    private readonly float[] components;
    private readonly double[] explainedVariance;

    // The components once more in the precision of the sums.
    private readonly double[] rows;

    /// <summary>Creates a projection.</summary>
    /// <param name="mean">Mean of the data <c>[D]</c>.</param>
    /// <param name="components">Directions V, row-major <c>[k, D]</c>, orthonormal.</param>
    /// <param name="explainedVariance">Variance along each, <c>[k]</c>, not negative.</param>
    /// <param name="totalVariance">Variance of the data in all D directions.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit, values that are not finite, or more components than coordinates.</exception>
    public PrincipalComponents(
        ReadOnlySpan<double> mean, ReadOnlySpan<float> components, ReadOnlySpan<double> explainedVariance, double totalVariance)
    {
        if (mean.IsEmpty || explainedVariance.IsEmpty || explainedVariance.Length > mean.Length
            || components.Length != (long)mean.Length * explainedVariance.Length)
        {
            throw new ArgumentException(
                $"{explainedVariance.Length} components of {components.Length} values for a mean of {mean.Length}.", nameof(components));
        }

        RequireFinite(mean, nameof(mean));
        RequireFinite(components, nameof(components));
        foreach (double variance in explainedVariance)
        {
            if (!(variance >= 0) || !double.IsFinite(variance))
            {
                throw new ArgumentException($"A variance is {variance}.", nameof(explainedVariance));
            }
        }

        if (!(totalVariance >= 0) || !double.IsFinite(totalVariance))
        {
            throw new ArgumentOutOfRangeException(nameof(totalVariance), totalVariance, "The variance is not a finite number from zero.");
        }

        this.mean = mean.ToArray();
        this.components = components.ToArray();
        this.explainedVariance = explainedVariance.ToArray();
        TotalVariance = totalVariance;
        rows = Array.ConvertAll(this.components, value => (double)value);
    }

    /// <summary>Mean of the data <c>[D]</c>.</summary>
    public ReadOnlySpan<double> Mean => mean;

    /// <summary>Directions V, row-major <c>[k, D]</c>; in each the entry of largest magnitude is positive.</summary>
    public ReadOnlySpan<float> Components => components;

    /// <summary>Variance along each direction <c>[k]</c>, falling.</summary>
    public ReadOnlySpan<double> ExplainedVariance => explainedVariance;

    /// <summary>Variance of the data in all D directions.</summary>
    public double TotalVariance { get; }

    /// <summary>D.</summary>
    public int InputDimension => mean.Length;

    /// <summary>k.</summary>
    public int Dimension => explainedVariance.Length;

    /// <summary>Projects points in double precision; a point's result depends on it alone.</summary>
    /// <typeparam name="T">Type of the coordinates.</typeparam>
    /// <param name="points">Row-major <c>[n, D]</c>.</param>
    /// <param name="result">Row-major <c>[n, k]</c>, overwritten.</param>
    public void Apply<T>(ReadOnlySpan<T> points, Span<float> result)
        where T : unmanaged, INumberBase<T>
    {
        if (points.Length % InputDimension != 0 || result.Length != points.Length / InputDimension * Dimension)
        {
            throw new ArgumentException(
                $"points has {points.Length} values in {InputDimension} dimensions, result {result.Length} in {Dimension}.", nameof(result));
        }

        double[] centered = new double[InputDimension];
        for (int r = 0; r < points.Length / InputDimension; r++)
        {
            ReadOnlySpan<T> point = points.Slice(r * InputDimension, InputDimension);
            for (int j = 0; j < centered.Length; j++)
            {
                centered[j] = double.CreateChecked(point[j]) - mean[j];
            }

            for (int k = 0; k < Dimension; k++)
            {
                result[(r * Dimension) + k] = (float)Dot(rows.AsSpan(k * InputDimension, InputDimension), centered);
            }
        }
    }

    /// <summary>The projection of points from which nothing was taken, where this one has lost an origin.</summary>
    /// <param name="origin">What was taken from each coordinate.</param>
    public PrincipalComponents From(ReadOnlySpan<double> origin)
    {
        double[] moved = [.. mean];
        for (int j = 0; j < moved.Length; j++)
        {
            moved[j] += origin[j];
        }

        return new PrincipalComponents(moved, components, explainedVariance, TotalVariance);
    }

    /// <summary>A sum of products, in the same order on every machine.</summary>
    internal static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        ref double a = ref MemoryMarshal.GetReference(left);
        ref double b = ref MemoryMarshal.GetReference(right);
        Vector256<double> sum0 = Vector256<double>.Zero, sum1 = Vector256<double>.Zero;
        int i = 0;
        for (; i + (2 * Vector256<double>.Count) <= left.Length; i += 2 * Vector256<double>.Count)
        {
            sum0 += Vector256.LoadUnsafe(ref a, (nuint)i) * Vector256.LoadUnsafe(ref b, (nuint)i);
            sum1 += Vector256.LoadUnsafe(ref a, (nuint)(i + Vector256<double>.Count)) * Vector256.LoadUnsafe(ref b, (nuint)(i + Vector256<double>.Count));
        }

        double sum = Vector256.Sum(sum0 + sum1);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void RequireFinite<T>(ReadOnlySpan<T> values, string name)
        where T : unmanaged, INumberBase<T>
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
            {
                throw new ArgumentException($"A value is {value}; a finite number is needed.", name);
            }
        }
    }
}
