using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Backend;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Tests.Emulation;

/// <summary>Device memory is freed with the backend.</summary>
public sealed class DeviceMemoryTests
{
    [Test]
    public void A_disposed_backend_holds_no_memory()
    {
        var backend = new DeviceBackend(new EmulatedDevice());
        Matrix forgotten = backend.CreateMatrix(3, 5);
        backend.Dispose();
        Assert.That((backend.Device.LiveBuffers, backend.Device.LiveBytes), Is.EqualTo((0, 0L)));
        forgotten.Dispose();
    }

    [Test]
    public void Scratch_and_staging_areas_are_freed_with_the_backend()
    {
        var backend = new DeviceBackend(new EmulatedDevice());
        using (var w = new Workspace(backend))
        {
            // Too much for a kernel's arguments, so that it is staged; parts of a loss take scratch memory.
            Matrix values = w.Input(new RandomData(1).Matrix(8, 4)), gradient = w.Output(8, 4);
            backend.SoftmaxCrossEntropy(values, w.Indices(0, 1, 2, 3, 0, 1, 2, 3), 0, w.Sums(1), gradient);
        }

        Assert.That(backend.Device.LiveBuffers, Is.Positive);
        backend.Dispose();
        Assert.That((backend.Device.LiveBuffers, backend.Device.LiveBytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void A_construction_that_throws_half_way_frees_what_it_took()
    {
        using var backend = new DeviceBackend(new EmulatedDevice());
        using Matrix kept = backend.CreateMatrix(3, 5);
        // The objective has put the data there before it finds that a batch of no rows is none.
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("a", new float[6]), ("b", new float[6]));
        var network = new VelocityScoreNetwork(new NetworkShape(2, [2]) { DataHidden = 4, DataCode = 4, HeadHidden = 4, HeadLayers = 1 });
        void Fail() => Assert.That(
            () => new FlowMatchingObjective(backend, network, set, PathSchedule.Deterministic, [0], 0, 1), Throws.InstanceOf<ArgumentException>());

        // The first time leaves a staging area, which the backend keeps.
        Fail();
        long before = backend.Device.LiveBytes;
        Fail();
        Assert.That(() => Half(backend), Throws.InvalidOperationException);
        Assert.That(backend.Device.LiveBytes, Is.EqualTo(before));

        static void Half(DeviceBackend backend)
        {
            using var construction = new Construction(backend);
            backend.CreateMatrix(8, 8);
            throw new InvalidOperationException();
        }
    }

    [Test]
    public void Directions_that_components_share_are_there_once()
    {
        const int Dimension = 16, Components = 20;
        double[] directions = [.. Enumerable.Range(0, Dimension * Dimension).Select(i => i % (Dimension + 1) == 0 ? 1.0 : 0)];
        EigenBlock Block() => new([.. Enumerable.Range(0, Dimension)], directions, [.. Enumerable.Repeat(2.0, Dimension)]);
        long Bytes(Func<EigenBlock> block)
        {
            // Half of them belong to another density.
            GaussianComponent[] all = [.. Enumerable.Range(0, Components).Select(_ => new GaussianComponent(1, new double[Dimension], [block()]))];
            var flow = new BaseFlow(
                "tied", [new BaseDensity(all[..(Components / 2)]), new BaseDensity(all[(Components / 2)..])], [new(new Condition(0), 1)], 0);
            using var backend = new DeviceBackend(new EmulatedDevice());
            using BaseFlowBuffer buffer = backend.CreateBaseFlow(flow);
            return backend.Device.LiveBytes;
        }

        EigenBlock shared = Block();
        Assert.That(Bytes(Block) - Bytes(() => shared), Is.EqualTo((Components - 1) * Dimension * Dimension * sizeof(float)));
    }
}
