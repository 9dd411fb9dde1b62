namespace FlowRatio.Tests.Support;

/// <summary>Order of convergence from errors at several step counts.</summary>
public static class ConvergenceOrder
{
    /// <summary>Minus the least-squares slope of log(error) over log(steps).</summary>
    public static double Fit(IReadOnlyList<int> steps, IReadOnlyList<double> errors)
    {
        double[] x = [.. steps.Select(count => Math.Log(count))];
        double[] y = [.. errors.Select(error => Math.Log(error))];
        double meanX = x.Average(), meanY = y.Average();
        return -x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    /// <summary>Root mean square of the differences.</summary>
    public static double RootMeanSquare(IEnumerable<double> expected, IEnumerable<double> actual) =>
        Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Average());
}
