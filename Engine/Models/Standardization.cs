namespace FlowRatio.Engine.Models;

/// <summary>
/// An affine map per coordinate, x -> (x - Mean) / Scale, fitted on training data. Log-ratios do not change under it;
/// a log-density changes by <see cref="LogJacobian"/>.
/// </summary>
public sealed class Standardization
{
    private const double ConstantThreshold = 1e-7;
    private readonly float[] mean;
    private readonly float[] scale;

    /// <summary>Creates the map.</summary>
    /// <param name="mean">Mean per coordinate.</param>
    /// <param name="scale">Scale per coordinate, positive.</param>
    /// <exception cref="ArgumentException">No coordinates, not one scale per mean, or a number that is not finite or not positive.</exception>
    public Standardization(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale)
    {
        if (mean.IsEmpty)
        {
            throw new ArgumentException("mean has 0 values; one per coordinate is needed.", nameof(mean));
        }

        if (mean.Length != scale.Length)
        {
            throw new ArgumentException($"{mean.Length} means and {scale.Length} scales.", nameof(scale));
        }

        foreach (float value in mean)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(mean), value, $"A mean is {value}; a finite number is needed.");
            }
        }

        foreach (float value in scale)
        {
            if (!(value > 0) || !float.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(scale), value, $"A scale is {value}; a positive number is needed.");
            }
        }

        this.mean = mean.ToArray();
        this.scale = scale.ToArray();
    }

    /// <summary>Mean per coordinate.</summary>
    public ReadOnlySpan<float> Mean => mean;

    /// <summary>Scale per coordinate.</summary>
    public ReadOnlySpan<float> Scale => scale;

    /// <summary>log |det| of the map in nats: minus the sum of the logarithms of the scales.</summary>
    public double LogJacobian => -scale.Sum(value => Math.Log(value));

    /// <summary>Fits mean and standard deviation; a constant coordinate gets scale 1.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">Dimension.</param>
    public static Standardization Fit(ReadOnlySpan<float> points, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (points.IsEmpty || points.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"points has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", nameof(points));
        }

        int rows = points.Length / dimension;
        float[] mean = new float[dimension];
        float[] scale = new float[dimension];
        for (int j = 0; j < dimension; j++)
        {
            double sum = 0;
            for (int r = 0; r < rows; r++)
            {
                sum += points[(r * dimension) + j];
            }

            double center = sum / rows;
            double squares = 0;
            for (int r = 0; r < rows; r++)
            {
                double deviation = points[(r * dimension) + j] - center;
                squares += deviation * deviation;
            }

            double deviationScale = Math.Sqrt(squares / rows);
            mean[j] = (float)center;

            // A constant column's deviation is not zero but its rounding; it must not become a scale.
            scale[j] = deviationScale > ConstantThreshold * Math.Abs(center) && deviationScale > float.Epsilon ? (float)deviationScale : 1;
        }

        return new Standardization(mean, scale);
    }

    /// <summary>Applies the map.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="result">The same length; may be the points themselves.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    public void Apply(ReadOnlySpan<float> points, Span<float> result)
    {
        RequireRows(points);
        if (result.Length != points.Length)
        {
            throw new ArgumentException($"result has {result.Length} values; the {points.Length} of points are needed.", nameof(result));
        }

        for (int i = 0; i < points.Length; i++)
        {
            int j = i % mean.Length;
            result[i] = (points[i] - mean[j]) / scale[j];
        }
    }

    /// <summary>Undoes the map in place.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the dimension.</exception>
    public void Invert(Span<float> points)
    {
        RequireRows(points);
        for (int i = 0; i < points.Length; i++)
        {
            int j = i % mean.Length;
            points[i] = mean[j] + (scale[j] * points[i]);
        }
    }

    private void RequireRows(ReadOnlySpan<float> points)
    {
        if (points.Length % mean.Length != 0)
        {
            throw new ArgumentException($"points has {points.Length} values; a multiple of the dimension {mean.Length} is needed.", nameof(points));
        }
    }
}
