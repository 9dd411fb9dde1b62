namespace FlowRatio.Tests.Support;

/// <summary>
/// Central differences in double precision. With the default step h = 1e-5 the truncation error h^2 f'''/6 and the rounding
/// error 1e-16 |f| / h are both near 1e-11 for functions of unit scale, so callers compare to about 1e-8.
/// </summary>
public static class FiniteDifference
{
    /// <summary>Default step.</summary>
    public const double Step = 1e-5;

    /// <summary>f'(x).</summary>
    public static double Derivative(Func<double, double> function, double x, double step = Step)
    {
        ArgumentNullException.ThrowIfNull(function);
        return (function(x + step) - function(x - step)) / (2 * step);
    }

    /// <summary>Gradient of a scalar function of many variables.</summary>
    public static double[] Gradient(Func<double[], double> function, double[] x, double step = Step)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        double[] gradient = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] = Derivative(
                value =>
                {
                    double[] moved = [.. x];
                    moved[i] = value;
                    return function(moved);
                },
                x[i],
                step);
        }

        return gradient;
    }

    /// <summary>Derivative of a vector function along a direction.</summary>
    public static double[] Directional(Func<double[], double[]> function, double[] x, double[] direction, double step = Step)
    {
        ArgumentNullException.ThrowIfNull(function);
        double[] ahead = function([.. x.Zip(direction, (value, v) => value + (step * v))]);
        double[] behind = function([.. x.Zip(direction, (value, v) => value - (step * v))]);
        return [.. ahead.Zip(behind, (a, b) => (a - b) / (2 * step))];
    }
}
