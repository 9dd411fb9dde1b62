using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Tests.Estimation;

/// <summary>How many points are computed together.</summary>
public sealed class ChunkSizeTests
{
    private static readonly VelocityScoreNetwork Network = new(new NetworkShape(3, [2]));

    [TestCase(400)]
    [TestCase(1000)]
    [TestCase(20_000)]
    public void Chunks_that_memory_limits_are_whole_panels_on_the_processor(int probes)
    {
        var stack = new StackLayout(1, 1, probes);
        using var backend = new CpuBackend(threads: 1);
        using ParameterBuffer parameters = backend.CreateParameters(Network.ParameterCount);
        var flow = new NetworkFlow(backend, Network, parameters, PathSchedule.Deterministic);
        long fitting = backend.WorkspaceBytes / flow.WorkspaceBytesPerRow(stack);
        Assert.That(fitting % 32, Is.Not.Zero, "rounding has something to do");
        long expected = Math.Max(32, fitting - (fitting % 32));
        Assert.Multiple(() =>
        {
            Assert.That(ChunkSize.Rows(flow, new EstimationOptions(), stack), Is.EqualTo(expected));

            // What is asked for is not rounded, and one panel costs what a part of it does.
            Assert.That(ChunkSize.Rows(flow, new EstimationOptions { ChunkRows = 7 }, stack), Is.EqualTo(7));
            Assert.That(ChunkSize.Rows(flow, new EstimationOptions { ChunkRows = 31 }, stack), Is.EqualTo(31));
            Assert.That(ChunkSize.Rows(flow, new EstimationOptions { ChunkRows = 100_000 }, stack), Is.EqualTo(expected));
            Assert.That(ChunkSize.Rows(flow, new EstimationOptions { ChunkRows = 33 }, StackLayout.Primal(1)), Is.EqualTo(33), "enough memory");
        });
    }

    [Test]
    public void Other_backends_take_as_many_rows_as_fit()
    {
        var stack = new StackLayout(1, 1, 1000);
        using var backend = new ReferenceBackend();
        using ParameterBuffer parameters = backend.CreateParameters(Network.ParameterCount);
        var flow = new NetworkFlow(backend, Network, parameters, PathSchedule.Deterministic);
        long fitting = backend.WorkspaceBytes / flow.WorkspaceBytesPerRow(stack);
        Assert.That(ChunkSize.Rows(flow, new EstimationOptions(), stack), Is.EqualTo(fitting));
        Assert.That(ChunkSize.Rows(flow, new EstimationOptions(), new StackLayout(1, 1, 200_000)), Is.EqualTo(1), "one row at least");
    }
}
