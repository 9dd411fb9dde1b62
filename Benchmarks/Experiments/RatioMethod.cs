using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>A way to estimate log-ratios from a trained flow, by its name on the command line.</summary>
public sealed class RatioMethod
{
    private readonly SimulatingField? simulatingField;

    private RatioMethod(string name, SimulatingField? simulatingField)
    {
        Name = name;
        this.simulatingField = simulatingField;
    }

    /// <summary>All methods.</summary>
    public static IReadOnlyList<RatioMethod> All { get; } =
    [
        new(SimulatingField.Numerator.Name, SimulatingField.Numerator),
        new(SimulatingField.Unconditional.Name, SimulatingField.Unconditional),
        new(SimulatingField.Midpoint.Name, SimulatingField.Midpoint),
        new(SimulatingField.Denominator.Name, SimulatingField.Denominator),
        new("naive", null),
    ];

    /// <summary>Name: s1, s2, s3, denominator or naive.</summary>
    public string Name { get; }

    /// <summary>Finds methods by name.</summary>
    /// <param name="names">Comma-separated names.</param>
    /// <exception cref="ArgumentException">Unknown name, or none.</exception>
    public static IReadOnlyList<RatioMethod> Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (wanted.Length == 0)
        {
            throw new ArgumentException($"--methods is empty; there are: {Known()}.");
        }

        return
        [
            .. wanted.Distinct().Select(name => All.FirstOrDefault(method => method.Name == name)
                ?? throw new ArgumentException($"--methods: '{name}' is unknown; there are: {Known()}.")),
        ];
    }

    /// <summary>Estimates the log-ratio of every point.</summary>
    /// <param name="model">The trained flow.</param>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="numerator">Condition above the line.</param>
    /// <param name="denominator">Condition below the line.</param>
    /// <param name="options">Integration; the field is set by the method.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Stops the estimation.</param>
    public EstimationResult Estimate(
        FlowModel model,
        float[] points,
        Condition numerator,
        Condition denominator,
        EstimationOptions options,
        ComputeBackend backend,
        IProgress<EstimationProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (simulatingField is null)
        {
            using var naive = new NaiveLogRatioEstimator(model, options, backend);
            return naive.Estimate(points, numerator, denominator, 0, progress, cancellation);
        }

        using var estimator = new LogRatioEstimator(model, options with { Field = simulatingField }, backend);
        return estimator.Estimate(points, numerator, denominator, 0, progress, cancellation);
    }

    private static string Known() => string.Join(", ", All.Select(method => method.Name));
}
