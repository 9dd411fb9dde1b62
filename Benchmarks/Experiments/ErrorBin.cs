namespace FlowRatio.Benchmarks.Experiments;

/// <summary>Errors of the test points whose true log-ratio lies in one range, in nats.</summary>
/// <param name="Truth">Mean true log-ratio of the points.</param>
/// <param name="Bias">Mean of estimate - truth.</param>
/// <param name="RootMeanSquare">Root of the mean squared error.</param>
/// <param name="Points">Number of points.</param>
public readonly record struct ErrorBin(double Truth, double Bias, double RootMeanSquare, int Points)
{
    private const int MostBins = 20;
    private const int FewestPoints = 10;

    /// <summary>Splits the points into ranges of the truth with equally many points each.</summary>
    /// <param name="estimates">One per point; those that are not finite are left out.</param>
    /// <param name="truth">One per point.</param>
    public static IReadOnlyList<ErrorBin> Of(IReadOnlyList<double> estimates, IReadOnlyList<double> truth)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(truth);
        (double Truth, double Error)[] points =
        [
            .. truth.Zip(estimates, (exact, estimate) => (Truth: exact, Error: estimate - exact))
                .Where(point => double.IsFinite(point.Error))
                .OrderBy(point => point.Truth),
        ];
        int bins = Math.Clamp(points.Length / FewestPoints, 1, MostBins);
        return
        [
            .. Enumerable.Range(0, bins)
                .Select(bin => points[(int)((long)bin * points.Length / bins)..(int)((bin + 1L) * points.Length / bins)])
                .Where(part => part.Length > 0)
                .Select(part => new ErrorBin(
                    part.Average(point => point.Truth),
                    part.Average(point => point.Error),
                    Math.Sqrt(part.Average(point => point.Error * point.Error)),
                    part.Length)),
        ];
    }
}
