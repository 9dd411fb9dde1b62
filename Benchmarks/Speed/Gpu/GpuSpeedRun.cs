using System.Diagnostics;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Metrics;
using FlowRatio.Benchmarks.Speed.Cases;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Kernels;

namespace FlowRatio.Benchmarks.Speed.Gpu;

/// <summary>
/// Measures a device: its two ceilings, then products, training steps, evaluations, whole solves, many points scored in blocks and one
/// published experiment, in every precision that it has. Each case is warmed up until its launches are one graph, and repeated for its budget.
/// </summary>
/// <param name="device">Name of the device.</param>
/// <param name="options">Sizes.</param>
/// <param name="progress">Told each row.</param>
/// <param name="save">Given the report after every case.</param>
/// <param name="cancellation">Looked at between repetitions.</param>
internal sealed class GpuSpeedRun(
    string device,
    GpuSpeedOptions options,
    Action<GpuSpeedRow> progress,
    Action<GpuSpeedReport> save,
    CancellationToken cancellation)
{
    private const int WarmUpRuns = 4;
    private const int FewestRepetitions = 3;
    private const int MostRepetitions = 200;
    private const int CeilingRepetitions = 10;
    private const string PaperCase = "paper";
    private const double Mebibyte = 1 << 20;

    // A repetition is at least this long, so that events and launches at its ends are nothing.
    private const double ShortestRepetition = 1;
    private static readonly (string Name, SimulatingField? Field)[] Methods =
    [
        ("s1", SimulatingField.Numerator), ("s2", SimulatingField.Unconditional), ("s3", SimulatingField.Midpoint), ("naive", null),
    ];

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<GpuSpeedRow> rows = [];
    private readonly Dictionary<string, ExperimentReport> paper = [];
    private string description = string.Empty;
    private double copy;
    private double ceiling;
    private bool isComplete = true;

    private GpuSpeedReport Report => new("gpu-speed", "flowratio", device, description, isComplete, copy, ceiling, [.. rows], paper);

    /// <summary>Measures everything.</summary>
    /// <param name="precisions">Ways to multiply; null for all that the device has.</param>
    /// <param name="earlier">What an interrupted run of the same options has measured on this device, or null: it is not measured again.</param>
    public GpuSpeedReport Run(IReadOnlyList<ProductPrecision>? precisions = null, GpuSpeedReport? earlier = null)
    {
        using (ComputeBackend backend = DeviceCatalog.Open(device))
        {
            DeviceMeter meter = DeviceMeter.Of(backend)!;
            description = DeviceCatalog.Describe(backend)!;
            precisions ??= meter.HasTensorCores ? [.. DeviceCatalog.PrecisionNames.Keys] : [ProductPrecision.Fp32];
            copy = Quantiles.Of(meter.CopyRates(options.Bytes, CeilingRepetitions)).Median;
            ceiling = Quantiles.Of(meter.MultiplyAddRates(options.CeilingGroups, options.CeilingIterations, CeilingRepetitions)).Median;
        }

        if (earlier is not null && (earlier.Device, earlier.Description) == (device, description))
        {
            rows.AddRange(earlier.Rows);
            foreach ((string name, ExperimentReport cell) in earlier.Paper)
            {
                paper.Add(name, cell);
            }
        }

        foreach (ProductPrecision precision in precisions)
        {
            string name = DeviceCatalog.PrecisionNames[precision];
            using ComputeBackend backend = DeviceCatalog.Open(device, 0, precision, options.Graphs);
            DeviceMeter meter = DeviceMeter.Of(backend)!;
            MeasureProducts(backend, meter, name);
            MeasureNetworks(backend, meter, name);
            MeasureSolves(backend, meter, name);
            string cell = options.Graphs ? name : $"{name} without graphs";
            if (options.PaperSteps > 0 && IsWanted(PaperCase) && !paper.ContainsKey(cell) && HasTime())
            {
                paper.Add(cell, Paper(backend));
                save(Report);
            }
        }

        save(Report);
        return Report;
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
    }

    private void MeasureSolves(ComputeBackend backend, DeviceMeter meter, string precision)
    {
        foreach (int points in options.SolvePoints)
        {
            foreach ((string method, SimulatingField? field) in Methods)
            {
                MeasureOnHost(
                    $"solve {method}, width {options.Widths[0]}, {points} points",
                    precision,
                    meter,
                    () => new WholeSolve(backend, options.Widths[0], points, field, options.SolverSteps));
            }
        }

        foreach (int points in options.ScorePoints)
        {
            int width = options.Widths[^1];
            MeasureOnHost(
                $"score s3, width {width}, {points} points in blocks of {options.ScoreBlock}",
                precision,
                meter,
                () => new StreamedSolve(backend, width, points, options.ScoreBlock, SimulatingField.Midpoint, options.SolverSteps));
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
            Estimation = published.Estimation with { Steps = options.SolverSteps },
            TestPoints = options.PaperPoints,
            TrainPoints = Math.Max(
                (int)((long)published.TrainPoints * options.PaperPoints / PublishedProtocol.TestPoints), 4 * options.Batch),
        };
        return new GaussianExperiment(new GaussianTask(dimension, 1), sized).Run(backend, cancellation: cancellation);
    }

    private bool IsWanted(string name) =>
        options.Cases.Count == 0 || options.Cases.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private bool IsWanted(string name, string precision) =>
        IsWanted(name)
        && !rows.Exists(row => (row.Name, row.Precision, row.Graphs) == (name, precision, options.Graphs))
        && HasTime();

    private bool HasTime()
    {
        bool has = clock.Elapsed.TotalSeconds < options.Limit;
        isComplete &= has;
        return has;
    }

    private void MeasureOnDevice(string name, string precision, DeviceMeter meter, Func<ISpeedCase> create)
    {
        if (!IsWanted(name, precision))
        {
            return;
        }

        meter.ResetPeak();
        using ISpeedCase speedCase = create();
        double longest = 0;
        for (int i = 0; i < WarmUpRuns; i++)
        {
            longest = meter.Milliseconds(speedCase.Run);
        }

        int runs = (int)Math.Clamp(Math.Ceiling(ShortestRepetition / Math.Max(longest, 1e-4)), 1, 1000);
        int repetitions = Repetitions(longest * runs, FewestRepetitions);
        Measure(name, precision, "device", meter, speedCase, repetitions, runs, () => meter.Milliseconds(() => Repeat(speedCase, runs)));
    }

    private void MeasureOnHost(string name, string precision, DeviceMeter meter, Func<ISpeedCase> create)
    {
        if (!IsWanted(name, precision))
        {
            return;
        }

        meter.ResetPeak();
        using ISpeedCase speedCase = create();
        double Time()
        {
            long start = Stopwatch.GetTimestamp();
            speedCase.Run();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        // After the first run kernels are compiled; a long one, which has done much more than compile, is repeated once.
        double first = Time();
        Measure(name, precision, "wall", meter, speedCase, Repetitions(first, 1), 1, Time);
    }

    private int Repetitions(double milliseconds, int fewest) =>
        (int)Math.Clamp(1000 * options.Seconds / Math.Max(milliseconds, 1e-3), fewest, MostRepetitions);

    private void Measure(
        string name, string precision, string time, DeviceMeter meter, ISpeedCase speedCase, int repetitions, int runs, Func<double> once)
    {
        Func<double, LaunchReport> count = LaunchReport.Count(meter);
        double[] milliseconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            milliseconds[i] = once() / runs;
        }

        Quantiles quantiles = Quantiles.Of(milliseconds);
        double? tflops = speedCase.Work.Flop > 0 ? speedCase.Work.Flop / quantiles.Median / 1e9 : null;
        LaunchReport launches = count((double)repetitions * runs);
        var row = new GpuSpeedRow(
            name,
            precision,
            options.Graphs,
            time,
            repetitions,
            quantiles.Median,
            quantiles.P10,
            quantiles.P90,
            tflops,
            tflops / ceiling,
            launches.Launches,
            launches.DriverCalls,
            launches.Graphs,
            meter.RefusedGraphs,
            meter.PeakBytes / Mebibyte);
        rows.Add(row);
        progress(row);
        save(Report);
    }

    private static void Repeat(ISpeedCase speedCase, int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            speedCase.Run();
        }
    }
}
