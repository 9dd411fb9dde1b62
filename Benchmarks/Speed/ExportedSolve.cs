using System.Diagnostics;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>Solves exported points with our defaults, and on request with our own version of the published procedure.</summary>
internal static class ExportedSolve
{
    /// <summary>Points that the published procedure solves together.</summary>
    public const int ChunkPoints = 1000;

    private const int Repetitions = 3;
    private const double Tolerance = 1e-4;

    /// <summary>All methods with the default options, of which the first is the default; then with half as many steps.</summary>
    public static IEnumerable<SolveReport> Ours(ExportedTask task, ComputeBackend backend, CancellationToken cancellation)
    {
        var defaults = new EstimationOptions();
        EstimationOptions half = defaults with { Steps = defaults.Steps / 2 };
        foreach ((RatioMethod method, EstimationOptions options) in
            from options in (EstimationOptions[])[defaults, half] from method in RatioMethod.Parse("s3,s1,s2,naive") select (method, options))
        {
            EstimationResult Solve(float[] points) => method.Estimate(
                task.Model, points, SpeedNetwork.Numerator, SpeedNetwork.Denominator, options, backend, null, cancellation);

            Solve(task.Points.AsSpan(0, Math.Min(ChunkPoints, task.Truth.Length) * task.Model.Dimension).ToArray());
            double[] seconds = new double[Repetitions];
            EstimationResult? result = null;
            for (int i = 0; i < Repetitions; i++)
            {
                var clock = Stopwatch.StartNew();
                result = Solve(task.Points);
                seconds[i] = clock.Elapsed.TotalSeconds;
            }

            string name = options == defaults ? method.Name : $"{method.Name}, {options.Steps} steps";
            yield return Report(name, result!.Values, task, seconds, result.EvaluationsPerPoint);
        }
    }

    /// <summary>The published procedure on the first chunks of 1,000 points.</summary>
    public static SolveReport Published(ExportedTask task, int chunks, ComputeBackend backend, CancellationToken cancellation)
    {
        using ParameterBuffer parameters = backend.CreateParameters(task.Model.Network.ParameterCount);
        parameters.Write(task.Model.Parameters);
        var flow = new NetworkFlow(backend, task.Model.Network, parameters, task.Model.Schedule);
        int d = task.Model.Dimension;
        List<double> values = [];
        double evaluations = 0;
        var clock = Stopwatch.StartNew();
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int count = Math.Min(ChunkPoints, task.Truth.Length - values.Count);
            float[] points = task.Points.AsSpan(values.Count * d, count * d).ToArray();
            task.Model.Standardization?.Apply(points, points);
            (double[] some, int spent) = new ReferenceProcedure(flow, Tolerance, (ulong)chunk)
                .Estimate(points, SpeedNetwork.Numerator, SpeedNetwork.Denominator, cancellation);
            values.AddRange(some);
            evaluations += spent;
        }

        return Report("published procedure, our evaluation", values, task, [clock.Elapsed.TotalSeconds], evaluations / chunks);
    }

    private static SolveReport Report(
        string name, IReadOnlyList<double> values, ExportedTask task, double[] seconds, double evaluations)
    {
        ErrorSummary errors = ErrorSummary.Of(values, task.Truth[..values.Count]);
        return new SolveReport(
            name, values.Count, Quantiles.Of(seconds).Median, seconds, evaluations, errors.MeanSquared, errors.StandardError);
    }
}
