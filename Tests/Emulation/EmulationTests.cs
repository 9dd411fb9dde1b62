using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation;

/// <summary>The emulation finds what would be chance on a card: accesses outside a view, freed memory, missing barriers, no memory.</summary>
public sealed class EmulationTests
{
    [Test]
    public void An_access_outside_a_view_throws_and_names_it([Values(-1, 3, 7)] int index)
    {
        using var device = new EmulatedDevice();
        using DeviceMemory<float> memory = device.Allocate<float>(10);
        ArrayView<float> part = memory.View.SubView(4, 3);
        Assert.That(
            () => part[index], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"Element {index} of a view of 3 Single"));
        Assert.That(() => memory.View.SubView(8, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Freed_memory_is_known()
    {
        using var device = new EmulatedDevice();
        DeviceMemory<float> memory = device.Allocate<float>(10);
        ArrayView<float> view = memory.View;
        memory.Dispose();
        Assert.That(() => view[0], Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_kernel_that_fails_reports_and_the_device_goes_on()
    {
        using var device = new EmulatedDevice();
        using DeviceMemory<float> memory = device.Allocate<float>(LaunchShape.TeamThreads);
        Assert.That(
            () => device.Launch(new ReverseKernel { Values = memory.View.SubView(0, 5) }, LaunchShape.Teams(1)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        device.Launch(new ReverseKernel { Values = memory.View }, LaunchShape.Teams(1));
    }

    [TestCase(65_536, 1)]
    [TestCase(1, 65_536)]
    public void More_groups_than_a_card_takes_are_refused(int y, int z)
    {
        using var device = new EmulatedDevice();
        Assert.That(
            () => device.Launch(new ReverseKernel(), LaunchShape.Teams(3, y, z)),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{nameof(ReverseKernel)} has 3 x {y} x {z} groups"));
        Assert.That(device.Launches, Is.Zero);
        using var idle = new IdleDevice();
        idle.Launch(new ReverseKernel(), LaunchShape.Teams(100_000, 65_535, 65_535));
        Assert.That(idle.Launches, Is.EqualTo(1));
    }

    [Test]
    public void A_barrier_that_some_threads_leave_out_is_found()
    {
        using var device = new EmulatedDevice();
        using DeviceMemory<float> memory = device.Allocate<float>(LaunchShape.TeamThreads);
        Assert.That(
            () => device.Launch(new DivergentKernel { Values = memory.View }, LaunchShape.Teams(1)),
            Throws.InvalidOperationException.With.Message.Contains("barrier"));
    }

    [Test]
    public void A_missing_barrier_gives_other_numbers_in_another_order()
    {
        float[] Run(ThreadOrder order, bool withBarrier)
        {
            using var device = new EmulatedDevice(order: order);
            using DeviceMemory<float> memory = device.Allocate<float>(LaunchShape.TeamThreads);
            device.Launch(new ReverseKernel { Values = memory.View, LeavesOutBarrier = withBarrier ? 0 : 1 }, LaunchShape.Teams(1));
            float[] values = new float[LaunchShape.TeamThreads];
            memory.Read(values);
            return values;
        }

        float[] expected = [.. Enumerable.Range(0, LaunchShape.TeamThreads).Select(i => (float)(LaunchShape.TeamThreads - 1 - i))];
        Assert.Multiple(() =>
        {
            Assert.That(Run(ThreadOrder.Ascending, true), Is.EqualTo(expected));
            Assert.That(Run(ThreadOrder.Descending, true), Is.EqualTo(expected));
            Assert.That(Run(ThreadOrder.Ascending, false), Is.Not.EqualTo(Run(ThreadOrder.Descending, false)));
        });
    }

    [Test]
    public void Orders_alternate_from_launch_to_launch()
    {
        using var device = new EmulatedDevice(order: ThreadOrder.Alternating);
        using DeviceMemory<float> memory = device.Allocate<float>(LaunchShape.TeamThreads);
        List<string> results = [];
        for (int launch = 0; launch < 4; launch++)
        {
            memory.Write(new float[LaunchShape.TeamThreads]);
            device.Launch(new ReverseKernel { Values = memory.View, LeavesOutBarrier = 1 }, LaunchShape.Teams(1));
            float[] values = new float[LaunchShape.TeamThreads];
            memory.Read(values);
            results.Add(string.Join(' ', values));
        }

        Assert.That((results[2], results[3]), Is.EqualTo((results[0], results[1])));
        Assert.That(results[1], Is.Not.EqualTo(results[0]));
    }

    [Test]
    public void Kernels_with_barriers_give_the_same_bits_in_any_order_of_their_threads()
    {
        // Products of two steps of shared tiles and one tile beyond the first, and one of each kind of sum.
        double[] Run(ThreadOrder order)
        {
            const int rows = 20, inputs = 19, outputs = 67;
            using var backend = new DeviceBackend(new EmulatedDevice(order: order));
            using var w = new Workspace(backend);
            var data = new RandomData(44);
            Matrix x = w.Input(data.Matrix(rows, inputs)), y = w.Output(rows, outputs), dx = w.Output(rows, inputs);
            ParameterView weight = w.Weight(data.Matrix(outputs, inputs)), bias = w.Weight(data.Matrix(1, outputs));
            backend.Linear(x, weight, bias, Activation.Selu, StackLayout.Primal(1), y);
            Accumulator loss = w.Sums(1), norms = w.Sums(rows);
            Matrix dy = w.Output(rows, outputs);
            backend.SquaredError(y, w.Input(data.Matrix(rows, outputs)), null, 0, loss, dy);
            backend.LinearBackwardInput(dy, weight, x, GradientMode.Overwrite, dx);
            ParameterView dWeight = w.Weight(data.Matrix(outputs, inputs)), dBias = w.Weight(data.Matrix(1, outputs));
            backend.LinearBackwardWeights(dy, x, GradientMode.Overwrite, dWeight, dBias);
            backend.StandardNormalLogDensity(dx, norms);
            return
            [
                .. Workspace.Read(y), .. Workspace.Read(loss), .. Workspace.Read(dx), .. Workspace.Read(dWeight), .. Workspace.Read(dBias),
                .. Workspace.Read(norms),
            ];
        }

        double[] parallel = Run(ThreadOrder.Parallel);
        ErrorBound.CheckBits("ascending", parallel, Run(ThreadOrder.Ascending));
        ErrorBound.CheckBits("descending", parallel, Run(ThreadOrder.Descending));
        ErrorBound.CheckBits("alternating", parallel, Run(ThreadOrder.Alternating));
    }

    [Test]
    public void Running_out_of_memory_says_the_sizes_and_frees_what_was_taken()
    {
        const int dimension = 3;
        FlowModel model = SmallModel.Create(dimension);

        // Room for the parameters and a part of the smallest workspace.
        using var backend = new DeviceBackend(new EmulatedDevice(bytes: (sizeof(float) * model.Network.ParameterCount) + 1000));
        using var estimator = new LogRatioEstimator(model, null, backend);
        long before = backend.Device.LiveBytes;
        Assert.That(
            () => estimator.Estimate(new float[dimension], model.Condition("a"), model.Condition("b")),
            Throws.InstanceOf<DeviceMemoryException>().With.Message.Contains("MiB free of").And.Message.Contains("Not even one point fits"));
        Assert.That(backend.Device.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void Memory_is_the_same_after_a_thousand_solves([Values] bool quadrature)
    {
        // Allocations do not depend on what kernels compute: on a device that runs none a thousand solves take no time.
        const int dimension = 3;
        var device = new IdleDevice();
        using var backend = new DeviceBackend(device);
        FlowModel model = SmallModel.Create(dimension);
        var options = new EstimationOptions { Quadrature = quadrature ? QuadratureOptions.WithNodes(3) : null };
        float[] points = new RandomData(31).Normal(7 * dimension);
        using (var estimator = new LogRatioEstimator(model, options, backend))
        {
            estimator.Estimate(points, model.Condition("a"), model.Condition("b"));
            (int buffers, long bytes, long allocations) = (device.LiveBuffers, device.LiveBytes, device.Allocations);
            long launches = device.Launches;
            for (int solve = 0; solve < 1000; solve++)
            {
                estimator.Estimate(points, model.Condition("a"), model.Condition("b"));
            }

            Assert.That((device.LiveBuffers, device.LiveBytes, device.Allocations), Is.EqualTo((buffers, bytes, allocations)));
            Assert.That(device.Launches, Is.GreaterThan(900 * launches), "the solves were asked for");
        }

        (int kept, long keptBytes) = (device.LiveBuffers, device.LiveBytes);
        for (int i = 0; i < 50; i++)
        {
            using var estimator = new LogRatioEstimator(model, options, backend);
            estimator.Estimate(points, model.Condition("a"), model.Condition("b"));
        }

        Assert.That((device.LiveBuffers, device.LiveBytes), Is.EqualTo((kept, keptBytes)), "scratch memory alone stays");
    }

    [Test]
    public void The_chunk_of_points_follows_free_memory()
    {
        using var small = new DeviceBackend(new EmulatedDevice(bytes: 1 << 20));
        using var large = new DeviceBackend(new EmulatedDevice(bytes: 1 << 30));
        Assert.That(small.WorkspaceBytes, Is.EqualTo(1 << 19));
        using Matrix taken = small.CreateMatrix(1 << 10, 64);
        Assert.That(small.WorkspaceBytes, Is.EqualTo((1 << 19) - (1 << 17)));
        Assert.That(large.WorkspaceBytes, Is.EqualTo(1 << 29));
    }

    [Test]
    public void The_chunk_of_points_leaves_room_for_the_base()
    {
        const int Components = 1000, BytesPerRow = Components * ((2 * sizeof(float)) + sizeof(double));
        using var backend = new DeviceBackend(new EmulatedDevice(bytes: 1 << 22));
        float[] means = new RandomData(9).Uniform(Components, -3, 3);
        var line = new BaseDensity(means.Select(mean => new GaussianComponent(1, [mean], [EigenBlock.OfOne(0, 0.5)])));
        var network = new VelocityScoreNetwork(new NetworkShape(1, [2]));
        var stack = StackLayout.Primal(1);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using BaseFlowBuffer buffer = backend.CreateBaseFlow(new BaseFlow("line", [line], [], 0));
        var alone = new NetworkFlow(backend, network, parameters, PathSchedule.Deterministic);
        var beside = new NetworkFlow(backend, network, parameters, PathSchedule.Deterministic, buffer);
        Assert.That(beside.WorkspaceBytesPerRow(stack) - alone.WorkspaceBytesPerRow(stack), Is.EqualTo(BytesPerRow));
    }

    private struct ReverseKernel : IKernel<ReverseKernel>
    {
        public ArrayView<float> Values;
        public int LeavesOutBarrier;

        public static bool HasBarriers => true;

        public static void Run(ReverseKernel k)
        {
            ArrayView<float> shared = SharedMemory.Allocate<float>(LaunchShape.TeamThreads);
            shared[Group.IdxX] = Group.IdxX;
            if (k.LeavesOutBarrier == 0)
            {
                Group.Barrier();
            }

            k.Values[Group.IdxX] = shared[LaunchShape.TeamThreads - 1 - Group.IdxX];
        }
    }

    private struct DivergentKernel : IKernel<DivergentKernel>
    {
        public ArrayView<float> Values;

        public static bool HasBarriers => true;

        public static void Run(DivergentKernel k)
        {
            if (KernelIndex.Element != 7)
            {
                Group.Barrier();
            }

            k.Values[Group.IdxX] = 1;
        }
    }
}
