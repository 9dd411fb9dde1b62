using FlowRatio.Benchmarks.Speed.Cases;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Solvers;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Training;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation;

/// <summary>
/// Repeated launches go to the device as one graph, with the same bits: the emulated graph runs what was recorded and changed, so a
/// change that is not handed on, or a launch too many, is seen in the results.
/// </summary>
public sealed class RepeatedLaunchesTests
{
    private const int Dimension = 3;
    private const int Rows = 5;
    private static readonly string[] Faults = Enum.GetNames<GraphFault>();

    [Test]
    public void Training_steps_as_a_graph_give_the_same_bits_and_few_submissions()
    {
        const int steps = 6;
        (double[] expected, _) = Train(keepsGraphs: false, steps);
        (double[] actual, List<(long Launches, long Submissions)> counts) = Train(keepsGraphs: true, steps);
        ErrorBound.CheckBits("parameters and loss", expected, actual);
        Assert.Multiple(() =>
        {
            Assert.That(counts.Skip(1).Select(count => count.Launches).Distinct().Count(), Is.EqualTo(1), "every step launches the same");

            // The batch's rows, its condition, the path samples and Adam with the young average know the step; the rest never changes.
            Assert.That(counts.Skip(2).Select(count => count.Submissions), Is.All.EqualTo(1 + 4));
            Assert.That(counts[^1].Launches, Is.EqualTo(45), "docs/gpu.md names this number");
            Assert.That(counts[1].Submissions, Is.EqualTo(1), "recorded and launched once");
        });
    }

    [Test]
    public void Gradients_in_parts_are_no_launch_more()
    {
        // From 129 rows on weight gradients are sums over parts of the batch, which the optimiser adds.
        const int rows = 200, steps = 5;
        (double[] expected, _) = Train(keepsGraphs: false, steps, rows);
        (double[] actual, List<(long Launches, long Submissions)> counts) = Train(keepsGraphs: true, steps, rows);
        ErrorBound.CheckBits("parameters and loss", expected, actual);
        Assert.That(counts[0].Launches, Is.GreaterThan(45), "the first step finds places for the parts, one by one");
        Assert.That(counts.Skip(1).Select(count => count.Launches), Is.All.EqualTo(45), "docs/gpu.md names this number");
    }

    [TestCase(1024, 6)]
    [TestCase(256, 10)]
    public void A_training_step_of_full_size_is_as_many_launches(int width, int layersInParts)
    {
        using var backend = new DeviceBackend(new IdleDevice());
        using var training = new TrainingStep(backend, width, 512, averaged: true);
        List<long> counts = [];
        for (int step = 0; step < 3; step++)
        {
            long before = backend.Device.Launches;
            training.Run();
            counts.Add(backend.Device.Launches - before);
        }

        // The first step sums layer by layer, as every step would if parts did not wait for Adam; 1,024 x 1,024 has tiles enough without parts.
        Assert.That(counts, Is.EqualTo((long[])[45 + layersInParts, 45, 45]), "docs/gpu.md names these numbers");
    }

    [Test]
    public void A_driver_that_refuses_graphs_costs_nothing_but_them([ValueSource(nameof(Faults))] string name)
    {
        const int steps = 5;
        GraphFault fault = Enum.Parse<GraphFault>(name);
        using var device = new EmulatedDevice(graphFault: fault);
        (double[] expected, _) = Train(keepsGraphs: false, steps);
        (double[] actual, List<(long Launches, long Submissions)> counts) = Train(device, steps);
        ErrorBound.CheckBits("parameters and loss", expected, actual);
        if (fault != GraphFault.None)
        {
            Assert.That(device.RefusedGraphs, Is.EqualTo(1), "it is not asked again");
            Assert.That(counts[^1].Submissions, Is.EqualTo(counts[^1].Launches));
        }
    }

    [Test]
    public void Solver_steps_as_a_graph_give_the_same_bits_and_few_submissions([Values] bool exact)
    {
        const int steps = 5;
        (double[] expected, long launches, long plain) = Solve(keepsGraphs: false, steps, exact);
        (double[] actual, long sameLaunches, long submissions) = Solve(keepsGraphs: true, steps, exact);
        ErrorBound.CheckBits("totals and state", expected, actual);
        Assert.That((sameLaunches, plain), Is.EqualTo((launches, launches)));

        // Clearing the failures, and unit tangents once; the first step as it is; the second, recorded; then per stage the time, with probes
        // their stage, and per step its number.
        int once = exact ? 2 : 1;
        long perStep = (launches - once) / steps;
        int changes = (4 * (exact ? 1 : 2)) + 1;
        Assert.That(submissions, Is.EqualTo(once + perStep + 1 + ((steps - 2) * (1 + changes))));
    }

    [Test]
    public void Another_number_of_rows_is_recorded_anew()
    {
        double[] Run(bool keepsGraphs)
        {
            using var backend = new DeviceBackend(new EmulatedDevice(keepsGraphs: keepsGraphs));
            using Solver solver = new(backend, exact: false);
            List<double> results = [];
            foreach (int rows in (int[])[Rows, Rows, 2, 2, Rows, 1, Rows])
            {
                results.AddRange(solver.Solve(rows, 3));
            }

            return [.. results];
        }

        ErrorBound.CheckBits("solves", Run(keepsGraphs: false), Run(keepsGraphs: true));
    }

    [Test]
    public void What_is_read_in_the_middle_is_there()
    {
        using var device = new EmulatedDevice();
        using DeviceMemory<float> values = device.Allocate<float>(1), average = device.Allocate<float>(1);
        using RepeatedLaunches work = device.CreateRepeatedLaunches();
        float[] read = new float[1];
        for (int repetition = 0; repetition < 8; repetition++)
        {
            work.Begin();
            values.Write([repetition]);
            device.Launch(Average(values, average, 0), LaunchShape.Elements(1));
            average.Read(read);
            Assert.That(read[0], Is.EqualTo(repetition));
            device.Launch(Average(values, average, 0.5f), LaunchShape.Elements(1));
            work.End();
        }

        // Every repetition was interrupted, so that recording has been given up.
        Assert.That((device.GraphLaunches, device.Submissions), Is.EqualTo((0L, 16L)));
    }

    [Test]
    public void A_repetition_that_stops_early_loses_no_launch()
    {
        using var device = new EmulatedDevice();
        using DeviceMemory<float> values = device.Allocate<float>(1), average = device.Allocate<float>(1);
        values.Write([1]);
        using RepeatedLaunches work = device.CreateRepeatedLaunches();
        void Add(int count)
        {
            // average = average + values
            for (int i = 0; i < count; i++)
            {
                device.Launch(
                    new AverageKernel { Parameters = values.View, Average = average.View, Count = 1, Kept = 1, Taken = 1 },
                    LaunchShape.Elements(1));
            }
        }

        int expected = 0;
        foreach (int count in (int[])[3, 3, 3, 2, 3, 3, 3, 4, 4, 4])
        {
            work.Begin();
            Add(count);
            work.End();
            expected += count;
        }

        // A repetition whose caller threw, and what another one asks for afterwards.
        work.Begin();
        Add(1);
        using RepeatedLaunches other = device.CreateRepeatedLaunches();
        other.Begin();
        Add(2);
        other.End();
        float[] read = new float[1];
        average.Read(read);
        Assert.That(read[0], Is.EqualTo(expected + 3));
        Assert.That(device.GraphLaunches, Is.GreaterThanOrEqualTo(4));
    }

    private static AverageKernel Average(DeviceMemory<float> from, DeviceMemory<float> to, float kept) =>
        new() { Parameters = from.View, Average = to.View, Count = 1, Kept = kept, Taken = 1 - kept };

    private static (double[] Results, List<(long Launches, long Submissions)> Counts) Train(bool keepsGraphs, int steps, int rows = Rows)
    {
        using var device = new EmulatedDevice(keepsGraphs: keepsGraphs);
        return Train(device, steps, rows);
    }

    private static (double[] Results, List<(long Launches, long Submissions)> Counts) Train(Device device, int steps, int rows = Rows)
    {
        using var backend = new DeviceBackend(device);
        var shape = new NetworkShape(Dimension, [2]) { HeadHidden = 8, DataHidden = 8 };
        using var training = new SmallTraining(backend, shape, rowsPerClass: 10, rows, decay: 0.99);
        using RepeatedWork repeated = backend.CreateRepeatedWork();
        List<(long Launches, long Submissions)> counts = [];
        for (int step = 0; step < steps; step++)
        {
            (long launches, long submissions) = (backend.Device.Launches, backend.Device.Submissions);
            repeated.Begin();
            training.Step(step);
            repeated.End();
            counts.Add((backend.Device.Launches - launches, backend.Device.Submissions - submissions));
        }

        return (training.Results(), counts);
    }

    private static (double[] Results, long Launches, long Submissions) Solve(bool keepsGraphs, int steps, bool exact)
    {
        using var backend = new DeviceBackend(new EmulatedDevice(keepsGraphs: keepsGraphs));
        using var solver = new Solver(backend, exact);
        solver.Solve(Rows, 1);
        (long launches, long submissions) = (backend.Device.Launches, backend.Device.Submissions);
        solver.Prepare(Rows);
        (launches, submissions) = (backend.Device.Launches, backend.Device.Submissions);
        solver.Integrate(steps);
        (launches, submissions) = (backend.Device.Launches - launches, backend.Device.Submissions - submissions);
        return (solver.Results(), launches, submissions);
    }

    /// <summary>A fixed-step solve of a small network's log-ratio.</summary>
    private sealed class Solver : IDisposable
    {
        private readonly ParameterBuffer parameters;
        private readonly LogDensityDynamics dynamics;
        private readonly ComputeBackend backend;
        private FixedStepSolver solver;

        public Solver(ComputeBackend backend, bool exact)
        {
            this.backend = backend;
            FlowModel model = SmallModel.Create(Dimension);
            parameters = backend.CreateParameters(model.Network.ParameterCount);
            parameters.Write<float>(model.Parameters);
            var flow = new NetworkFlow(backend, model.Network, parameters, model.Schedule);
            Condition a = new(0), b = new(1);
            dynamics = new LogDensityDynamics(
                flow, [a, b], [(a, 0.5), (b, 0.5)], exact ? DivergenceMethod.Exact : DivergenceMethod.Hutchinson(2), 1, Rows);
            solver = Create();
        }

        public double[] Solve(int rows, int steps)
        {
            Resize(rows);
            Integrate(steps);
            return Results();
        }

        /// <summary>A new solver, so that its first step is the first of its launches.</summary>
        public void Prepare(int rows)
        {
            solver.Dispose();
            solver = Create();
            Resize(rows);
        }

        public void Integrate(int steps) => solver.Solve(dynamics, 1, 0, steps);

        public double[] Results() => [.. Workspace.Read(solver.Totals), .. Workspace.Read(solver.State)];

        public void Dispose()
        {
            solver.Dispose();
            dynamics.Dispose();
            parameters.Dispose();
        }

        private FixedStepSolver Create() =>
            new(backend, ButcherTableau.RungeKutta4, Rows, Dimension, dynamics.RateSeries);

        private void Resize(int rows)
        {
            solver.Resize(rows);
            dynamics.SetSamples([.. Enumerable.Range(0, rows)]);
            solver.State.Write<float>(new RandomData(6).Normal(rows * Dimension));
        }
    }
}
