using System.Diagnostics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using FlowRatio.Training.Trust;

namespace FlowRatio.Benchmarks.Stability;

/// <summary>One training at the defaults of <c>flowratio train</c>, and the log-ratios of rows that it did not see.</summary>
public static class StabilityRun
{
    private const int TestRows = 1000;

    /// <summary>Trains and measures.</summary>
    /// <param name="cell">The settings.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="steps">Training steps; null for the default.</param>
    /// <param name="cancellation">Stops it.</param>
    public static StabilityRow Execute(StabilityCell cell, ComputeBackend backend, int? steps = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(backend);
        var clock = Stopwatch.StartNew();
        var data = new StabilityData(cell);
        TrainingSet set = data.Training();
        TrainingOptions options = TrainingOptions.For(set.Rows, 1) with { Seed = (ulong)cell.Seed };
        options = steps is { } given ? options.WithSteps(given) : options;
        (float[] points, double[] truth) = data.Test(TestRows);
        double zero = truth.Average(value => value * value);
        TrainingResult result;
        IReadOnlyList<double> raw, values;
        try
        {
            result = FlowTrainer.Train(set, options, backend, cancellation: cancellation);
            using var estimator = new LogRatioEstimator(result.Model, backend: backend);
            Condition above = result.Model.Condition("first"), below = result.Model.Condition("second");
            raw = estimator.Estimate(points, above, below, cancellation: cancellation).Values;
            values = StackTrainer.Obstacle(set) is null
                ? StackTrainer.Train(set, new StackOptions { Seed = options.Seed, Threads = backend.HostThreads }, cancellation: cancellation)
                    .Estimate<float>(points, above, below, backend.HostThreads, cancellation).Values
                : raw;
        }
        catch (Exception exception) when (exception is TrainingDivergedException or ArgumentException or InvalidOperationException)
        {
            return new StabilityRow(cell, exception.Message, 0, 0, 0, 0, 0, double.NaN, double.NaN, zero, TestRows, clock.Elapsed.TotalSeconds);
        }

        double[] losses = [.. result.Curve.Select(point => (point.Validation ?? point.Training).Total)];
        double best = double.PositiveInfinity, worst = 0;
        foreach (double loss in losses)
        {
            best = Math.Min(best, loss);
            worst = Math.Max(worst, (loss / best) - 1);
        }

        (double Value, double Truth)[] finite = [.. values.Zip(truth).Where(pair => double.IsFinite(pair.First))];
        return new StabilityRow(
            cell,
            null,
            result.Curve[^1].Step,
            result.ModelStep,
            result.Restarts.Count,
            worst,
            (losses[^1] / best) - 1,
            Error(finite),
            Error([.. raw.Zip(truth).Where(pair => double.IsFinite(pair.First))]),
            zero,
            TestRows - finite.Length,
            clock.Elapsed.TotalSeconds);
    }

    private static double Error((double Value, double Truth)[] pairs) =>
        pairs.Length == 0 ? double.NaN : pairs.Average(pair => (pair.Value - pair.Truth) * (pair.Value - pair.Truth));
}
