using System.Diagnostics;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Benchmarks.Speed.Cases;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Kernels;

namespace FlowRatio.Benchmarks.Speed.Gpu;

/// <summary>
/// Measures a device: its two ceilings, then products, training steps, evaluations, whole solves and one published experiment, in every
/// precision that it has. Each case is warmed up until its launches are one graph, and repeated for its budget.
/// </summary>
/// <param name="device">Name of the device.</param>
/// <param name="gpu">Number of the card.</param>
/// <param name="options">Sizes.</param>
/// <param name="progress">Told each row.</param>
/// <param name="cancellation">Looked at between repetitions.</param>
internal sealed class GpuSpeedRun(
    string device, int gpu, GpuSpeedOptions options, Action<GpuSpeedRow> progress, CancellationToken cancellation)
{
    private const int WarmUpRuns = 4;
    private const int FewestRepetitions = 3;
    private const int MostRepetitions = 200;
    private const int CeilingRepetitions = 10;

    // A repetition is at least this long, so that events and launches at its ends are nothing.
    private const double ShortestRepetition = 1;
    private static readonly (string Name, SimulatingField? Field)[] Methods =
    [
        ("s1", SimulatingField.Numerator), ("s2", SimulatingField.Unconditional), ("s3", SimulatingField.Midpoint), ("naive", null),
    ];

    private readonly List<GpuSpeedRow> rows = [];
    private double ceiling;

    /// <summary>Measures everything.</summary>
    /// <param name="precisions">Ways to multiply; null for all that the device has.</param>
    public GpuSpeedReport Run(IReadOnlyList<ProductPrecision>? precisions = null)
    {
        double copy;
        string description;
        using (ComputeBackend backend = DeviceCatalog.Open(device, gpu))
        {
            DeviceMeter meter = DeviceMeter.Of(backend)!;
            description = DeviceCatalog.Describe(backend)!;
            precisions ??= meter.HasTensorCores ? [.. DeviceCatalog.PrecisionNames.Keys] : [ProductPrecision.Fp32];
            copy = Quantiles.Of(meter.CopyRates(options.Bytes, CeilingRepetitions)).Median;
            ceiling = Quantiles.Of(meter.MultiplyAddRates(options.CeilingGroups, options.CeilingIterations, CeilingRepetitions)).Median;
        }

        var paper = new Dictionary<string, ExperimentReport>();
        foreach (ProductPrecision precision in precisions)
        {
            string name = DeviceCatalog.PrecisionNames[precision];
            using ComputeBackend backend = DeviceCatalog.Open(device, gpu, precision);
            DeviceMeter meter = DeviceMeter.Of(backend)!;
            MeasureProducts(backend, meter, name);
            MeasureNetworks(backend, meter, name);
            if (options.PaperSteps > 0 && IsWanted("paper"))
            {
                paper.Add(name, Paper(backend));
            }
        }

        return new GpuSpeedReport("gpu-speed", "flowratio", device, description, copy, ceiling, rows, paper);
    }

    private void MeasureProducts(ComputeBackend backend, DeviceMeter meter, string precision)
    {
        int width = options.Widths[0];
        foreach (int count in options.Rows)
        {
            (int, int, int) shape = (count, width, width);
            long bytes = sizeof(float) * ((2L * count * width) + ((long)width * width));
            void Add(string name, Func<ISpeedCase> create)
            {
                MeasureOnDevice(
                    $"{name} {count}x{width}x{width}", precision, meter, () => Rotation.Of(create, bytes, options.Bytes));
            }

            Add("layer", () => new ForwardProduct(backend, shape, ForwardProduct.Epilogue.Selu));
            Add("input gradient", () => new BackwardProduct(backend, shape, ofWeights: false));
            Add("weight gradient", () => new BackwardProduct(backend, shape, ofWeights: true));
        }
    }

    private void MeasureNetworks(ComputeBackend backend, DeviceMeter meter, string precision)
    {
        foreach (int width in options.Widths)
        {
            MeasureOnDevice(
                $"training step, width {width}, batch {options.Batch}",
                precision,
                meter,
                () => new TrainingStep(backend, width, options.Batch, averaged: true));

            foreach ((string method, SimulatingField? field) in Methods)
            {
                MeasureOnDevice(
                    $"evaluation {method}, width {width}, {options.EvaluationPoints} points",
                    precision,
                    meter,
                    () => new RateEvaluation(backend, width, options.EvaluationPoints, field));
            }
        }

        foreach (int points in options.SolvePoints)
        {
            foreach ((string method, SimulatingField? field) in Methods)
            {
                MeasureOnHost(
                    $"solve {method}, width {options.Widths[0]}, {points} points",
                    precision,
                    meter,
                    () => new WholeSolve(backend, options.Widths[0], points, field));
            }
        }
    }

    private ExperimentReport Paper(ComputeBackend backend)
    {
        const int dimension = 20;
        ExperimentOptions published = PublishedProtocol.Gaussian(new ExperimentOptions(), dimension);
        ExperimentOptions sized = published with
        {
            Training = published.Training with
            {
                Steps = options.PaperSteps,
                BatchSize = Math.Min(published.Training.BatchSize, options.Batch),
                Network = published.Training.Network with { HeadHidden = options.Widths[0] },
            },
            TestPoints = options.SolvePoints[0],
            TrainPoints = Math.Max(published.TrainPoints * options.SolvePoints[0] / PublishedProtocol.TestPoints, 4 * options.Batch),
        };
        return new GaussianExperiment(new GaussianTask(dimension, 1), sized).Run(backend, cancellation: cancellation);
    }

    private bool IsWanted(string name) =>
        options.Cases.Count == 0 || options.Cases.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private void MeasureOnDevice(string name, string precision, DeviceMeter meter, Func<ISpeedCase> create)
    {
        if (!IsWanted(name))
        {
            return;
        }

        using ISpeedCase speedCase = create();
        double longest = 0;
        for (int i = 0; i < WarmUpRuns; i++)
        {
            longest = meter.Milliseconds(speedCase.Run);
        }

        int runs = (int)Math.Clamp(Math.Ceiling(ShortestRepetition / Math.Max(longest, 1e-4)), 1, 1000);
        Measure(name, precision, "device", meter, speedCase, longest * runs, runs, () => meter.Milliseconds(() => Repeat(speedCase, runs)));
    }

    private void MeasureOnHost(string name, string precision, DeviceMeter meter, Func<ISpeedCase> create)
    {
        if (!IsWanted(name))
        {
            return;
        }

        using ISpeedCase speedCase = create();
        double Time()
        {
            long start = Stopwatch.GetTimestamp();
            speedCase.Run();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        double first = Time();
        Measure(name, precision, "wall", meter, speedCase, first, 1, Time);
    }

    private void Measure(
        string name, string precision, string clock, DeviceMeter meter, ISpeedCase speedCase, double first, int runs, Func<double> time)
    {
        int repetitions = (int)Math.Clamp(1000 * options.Seconds / Math.Max(first, 1e-3), FewestRepetitions, MostRepetitions);
        (long launches, long submissions) = (meter.Launches, meter.Submissions);
        double[] milliseconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            milliseconds[i] = time() / runs;
        }

        Quantiles quantiles = Quantiles.Of(milliseconds);
        double? tflops = speedCase.Work.Flop > 0 ? speedCase.Work.Flop / quantiles.Median / 1e9 : null;
        double count = (double)repetitions * runs;
        var row = new GpuSpeedRow(
            name,
            precision,
            clock,
            repetitions,
            quantiles.Median,
            quantiles.P10,
            quantiles.P90,
            tflops,
            tflops / ceiling,
            (meter.Launches - launches) / count,
            (meter.Submissions - submissions) / count);
        rows.Add(row);
        progress(row);
    }

    private static void Repeat(ISpeedCase speedCase, int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            speedCase.Run();
        }
    }
}
