using System.Numerics;

namespace FlowRatio.Engine.Models;

/// <summary>
/// An affine map per coordinate, x -> (x - Mean) / Scale, fitted on training data. Log-ratios do not change under it;
/// a log-density changes by <see cref="LogJacobian"/>. It is applied in double precision: coordinates with a large common offset keep their digits.
/// </summary>
public sealed class Standardization
{
    private readonly double[] mean;
    private readonly double[] scale;

    /// <summary>Creates the map.</summary>
    /// <param name="mean">Mean per coordinate.</param>
    /// <param name="scale">Scale per coordinate, positive.</param>
    /// <exception cref="ArgumentException">No coordinates, not one scale per mean, or a number that is not finite or not positive.</exception>
    public Standardization(ReadOnlySpan<double> mean, ReadOnlySpan<double> scale)
    {
        if (mean.IsEmpty)
        {
            throw new ArgumentException("mean has 0 values; one per coordinate is needed.", nameof(mean));
        }

        if (mean.Length != scale.Length)
        {
            throw new ArgumentException($"{mean.Length} means and {scale.Length} scales.", nameof(scale));
        }

        foreach (double value in mean)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(mean), value, $"A mean is {value}; a finite number is needed.");
            }
        }

        foreach (double value in scale)
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(scale), value, $"A scale is {value}; a positive number is needed.");
            }
        }

        this.mean = mean.ToArray();
        this.scale = scale.ToArray();
    }

    /// <summary>Mean per coordinate.</summary>
    public ReadOnlySpan<double> Mean => mean;

    /// <summary>Scale per coordinate.</summary>
    public ReadOnlySpan<double> Scale => scale;

    /// <summary>Whether coordinates keep their scale: the map only takes something from them.</summary>
    public bool IsShift => Array.TrueForAll(scale, value => value == 1);

    /// <summary>log |det| of the map in nats: minus the sum of the logarithms of the scales.</summary>
    public double LogJacobian => -scale.Sum(Math.Log);

    /// <summary>
    /// Fits mean and standard deviation, with values far outside of the others taken as less far, so that a few rows do not decide the scale
    /// (<see cref="CoordinateSpread"/>); without such values it is the plain standard deviation. A constant coordinate gets scale 1.
    /// </summary>
    /// <typeparam name="T">Type of the numbers.</typeparam>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">Dimension.</param>
    /// <param name="origin">What was taken from each coordinate before, and is part of the map's mean; empty for nothing.</param>
    public static Standardization Fit<T>(ReadOnlySpan<T> points, int dimension, ReadOnlySpan<double> origin = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (points.IsEmpty || points.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"points has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", nameof(points));
        }

        double[] mean = new double[dimension], scale = new double[dimension], column = new double[points.Length / dimension];
        for (int j = 0; j < dimension; j++)
        {
            for (int r = 0; r < column.Length; r++)
            {
                column[r] = double.CreateChecked(points[(r * dimension) + j]);
            }

            double offset = origin.IsEmpty ? 0 : origin[j];
            (double center, scale[j]) = CoordinateSpread.Of(column, offset);
            mean[j] = offset + center;
        }

        return new Standardization(mean, scale);
    }

    /// <summary>Applies the map; what is too large for float32 becomes its largest number.</summary>
    /// <typeparam name="T">Type of the numbers.</typeparam>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="result">The same length; may be the points themselves.</param>
    /// <param name="origin">What was taken from each coordinate before; empty for nothing.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    public void Apply<T>(ReadOnlySpan<T> points, Span<float> result, ReadOnlySpan<double> origin = default)
        where T : unmanaged, INumberBase<T>
    {
        RequireRows(points.Length, nameof(points));
        if (result.Length != points.Length)
        {
            throw new ArgumentException($"result has {result.Length} values; the {points.Length} of points are needed.", nameof(result));
        }

        for (int j = 0; j < mean.Length; j++)
        {
            double center = origin.IsEmpty ? mean[j] : mean[j] - origin[j];
            for (int i = j; i < points.Length; i += mean.Length)
            {
                result[i] = (float)Math.Clamp((double.CreateChecked(points[i]) - center) / scale[j], -float.MaxValue, float.MaxValue);
            }
        }
    }

    /// <summary>Undoes the map.</summary>
    /// <typeparam name="T">Type of the points: float32 where they may lose digits.</typeparam>
    /// <param name="standardized">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="points">The same length; may be the standardised points themselves.</param>
    /// <exception cref="ArgumentException">A length is no multiple of the dimension, or not that of the other.</exception>
    public void Invert<T>(ReadOnlySpan<float> standardized, Span<T> points)
        where T : unmanaged, INumberBase<T>
    {
        RequireRows(points.Length, nameof(points));
        if (standardized.Length != points.Length)
        {
            throw new ArgumentException($"standardized has {standardized.Length} values; the {points.Length} of points are needed.", nameof(standardized));
        }

        for (int i = 0; i < points.Length; i++)
        {
            int j = i % mean.Length;
            points[i] = T.CreateTruncating(mean[j] + (scale[j] * standardized[i]));
        }
    }

    private void RequireRows(int length, string name)
    {
        if (length % mean.Length != 0)
        {
            throw new ArgumentException($"{name} has {length} values; a multiple of the dimension {mean.Length} is needed.", name);
        }
    }
}
