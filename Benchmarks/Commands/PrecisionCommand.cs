using System.CommandLine;
using System.Diagnostics;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Solvers;
using FlowRatio.Training;
using FlowRatio.Training.Data;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>precision</c>: work against numerical error of every way of integration, on a trained network.</summary>
internal static class PrecisionCommand
{
    private const int ConvergedSteps = 160;
    private const double Correlation = 0.8;

    public static Command Create()
    {
        var command = new Command(
            "precision",
            "Work-precision table on a trained network: difference of each integration from the converged value of the same network.");
        var dimension = new Option<int>("--dim") { Description = "Dimension, even.", DefaultValueFactory = _ => 10 };
        var points = new Option<int>("--points") { Description = "Test points.", DefaultValueFactory = _ => 1000 };
        var steps = new Option<int>("--steps") { Description = "Training steps.", DefaultValueFactory = _ => 6000 };
        var json = new Option<FileInfo?>("--json") { Description = "Write the table to this file." };
        command.Options.Add(dimension);
        command.Options.Add(points);
        command.Options.Add(steps);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            int d = CommandOptions.AtLeast(parsed, dimension, 2);
            if (d % 2 != 0)
            {
                throw new ArgumentException($"--dim is {d}; an even number is needed.");
            }

            FileInfo? output = FlowArguments.OutputFile(parsed, json);
            using var backend = new CpuBackend();
            IReadOnlyList<PrecisionRow> rows = Run(
                backend,
                new BlockCorrelationTask(d, Correlation),
                CommandOptions.AtLeast(parsed, points, 1),
                CommandOptions.AtLeast(parsed, steps, 1),
                cancellation);
            Print(rows);
            if (output is not null)
            {
                JsonFile.Write(output.FullName, new { experiment = "precision", dim = d, correlation = Correlation, rows });
            }
        })));
        return command;
    }

    private static List<PrecisionRow> Run(
        ComputeBackend backend, BlockCorrelationTask task, int count, int steps, CancellationToken cancellation) =>
        ProgressDisplay.Run(createBar =>
        {
            const int perClass = 45_000;
            TrainingSet data = TrainingSet.FromClasses(
                "distribution",
                task.Dimension,
                ("independent", task.Sample(perClass, false, 1, 0)),
                ("correlated", task.Sample(perClass, true, 1, 0)));
            var training = new TrainingOptions { Steps = steps, Standardize = false };
            FlowModel model = FlowTrainer.Train(data, training, backend, createBar("training"), cancellation).Model;
            float[] points = task.Sample(count, true, 1, 1);
            List<PrecisionRow> rows = [];
            foreach (RatioMethod method in RatioMethod.Parse("s1,s2,s3,naive"))
            {
                var measurement = new Measurement(backend, model, points, method, cancellation);
                measurement.Add(rows, createBar($"integrations of {method.Name}"));
            }

            rows.Add(PublishedProcedure(backend, model, points, cancellation));
            return rows;
        });

    private static PrecisionRow PublishedProcedure(
        ComputeBackend backend, FlowModel model, float[] points, CancellationToken cancellation)
    {
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        var flow = new NetworkFlow(backend, model.Network, parameters, model.Schedule);
        Condition numerator = model.Condition("correlated"), denominator = model.Condition("independent");
        double[] converged = Measurement.Converged(backend, model, points, RatioMethod.Parse("s1")[0], cancellation);
        var clock = Stopwatch.StartNew();
        (double[] values, int evaluations) = new ReferenceProcedure(flow, 1e-4, 1).Estimate(points, numerator, denominator, cancellation);
        return new PrecisionRow(
            "s1",
            "published procedure 1e-4",
            evaluations,
            evaluations * ReferenceProcedure.UnitsPerEvaluation,
            clock.Elapsed.TotalSeconds,
            null,
            Measurement.RootMeanSquare(values, converged));
    }

    private static void Print(IReadOnlyList<PrecisionRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["method", "integration", "evaluations", "head passes", "seconds", "solver error", "error, 1 probe"])
        {
            table.AddColumn(title);
        }

        foreach (PrecisionRow row in rows)
        {
            table.AddRow(
                row.Method,
                row.Integration,
                row.Evaluations.ToString("F1"),
                row.Units.ToString("F0"),
                row.Seconds.ToString("F2"),
                row.SolverError?.ToString("E1") ?? string.Empty,
                row.Error.ToString("E1"));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>All integrations of one method on one model.</summary>
    private sealed class Measurement(
        ComputeBackend backend, FlowModel model, float[] points, RatioMethod method, CancellationToken cancellation)
    {
        private static readonly int[] StepCounts = [5, 10, 20, 40];
        private static readonly double[] Tolerances = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
        private static readonly int[] NodeCounts = [4, 6, 8, 12, 16];
        private static readonly int[] NodeCountsWithProbes = [6, 8, 16];

        // Stages of one evaluation in units of a head pass: velocities, tangents of both conditions, scores.
        private readonly (double Full, double Velocity, int Solves) units = method.Name switch
        {
            "s1" => (5, 1, 1),
            "s2" => (7, 1, 1),
            "s3" => (6, 2, 1),
            _ => (2, 1, 2),
        };

        public static double RootMeanSquare(IReadOnlyList<double> values, double[] expected) =>
            Math.Sqrt(values.Zip(expected, (a, b) => (a - b) * (a - b)).Average());

        public static double[] Converged(
            ComputeBackend backend, FlowModel model, float[] points, RatioMethod method, CancellationToken cancellation)
        {
            var options = new EstimationOptions { Steps = ConvergedSteps, Divergence = DivergenceMethod.Exact };
            return [.. Estimate(backend, model, points, method, options, cancellation).Values];
        }

        public void Add(List<PrecisionRow> rows, ProgressDisplay.ProgressBar bar)
        {
            double[] converged = Converged(backend, model, points, method, cancellation);
            (string Name, EstimationOptions Options)[] settings =
            [
                .. StepCounts.Select(n => ($"rk4 {n} steps", new EstimationOptions { Steps = n })),
                .. Tolerances.Select(
                    tolerance => ($"dopri5 {tolerance:0e0}", new EstimationOptions { Adaptive = new AdaptiveOptions(tolerance, tolerance) })),
                .. NodeCounts.Select(
                    n => ($"quadrature {n} nodes", new EstimationOptions { Quadrature = QuadratureOptions.WithNodes(n) })),
                .. NodeCountsWithProbes.Select(
                    n => ($"quadrature {n} nodes, 4 probes", new EstimationOptions
                    {
                        Quadrature = QuadratureOptions.WithNodes(n), Divergence = DivergenceMethod.Hutchinson(4),
                    })),
            ];
            for (int i = 0; i < settings.Length; i++)
            {
                (string name, EstimationOptions options) = settings[i];
                EstimationResult exact = Estimate(
                    backend, model, points, method, options with { Divergence = DivergenceMethod.Exact }, cancellation);
                var clock = Stopwatch.StartNew();
                EstimationResult probed = Estimate(backend, model, points, method, options, cancellation);
                clock.Stop();
                rows.Add(new PrecisionRow(
                    method.Name,
                    name,
                    probed.EvaluationsPerPoint,
                    Units(options, probed.EvaluationsPerPoint),
                    clock.Elapsed.TotalSeconds,
                    RootMeanSquare(exact.Values, converged),
                    RootMeanSquare(probed.Values, converged)));
                bar.Report(new EstimationProgress(i + 1, settings.Length));
            }
        }

        private static EstimationResult Estimate(
            ComputeBackend backend,
            FlowModel model,
            float[] points,
            RatioMethod method,
            EstimationOptions options,
            CancellationToken cancellation) => method.Estimate(
                model, points, model.Condition("correlated"), model.Condition("independent"), options, backend, null, cancellation);

        private double Units(EstimationOptions options, double evaluations)
        {
            if (options.Quadrature is not { } quadrature)
            {
                return evaluations * units.Full;
            }

            // Every further probe is one more tangent for each of the two conditions.
            double integrand = units.Full + (2.0 / units.Solves * (options.Divergence.Probes - 1));
            double nodes = quadrature.Nodes * units.Solves;
            return (nodes * integrand) + ((evaluations - nodes) * units.Velocity);
        }
    }
}
