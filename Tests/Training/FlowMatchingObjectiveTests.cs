using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Tests.Training;

/// <summary>The whole training loss: path sample, dropped conditions, network, both squared errors, and back.</summary>
public sealed class FlowMatchingObjectiveTests
{
    private const long Batch = 3;

    // Central differences of a loss of order one are good to about 1e-10 in each parameter (see FiniteDifference); a wrong term in
    // the backward pass is off by the size of the gradients, 1e-3 and more. No SELU argument of this batch lies within a step of
    // zero, where the slope jumps: a fixed seed decides that once and for all.
    private const double DifferenceTolerance = 1e-8;

    private static readonly double[] SomeDropped = [0.3, 0.3];

    private static readonly PathSchedule[] Schedules =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5)];

    [TestCaseSource(nameof(Schedules))]
    public void Gradients_of_the_loss_in_every_parameter_are_those_of_central_differences(PathSchedule schedule)
    {
        using var backend = new ReferenceBackend();
        using var run = new ObjectiveRun(backend, schedule, SomeDropped);
        double[] actual = run.Gradients(run.Start, Batch);
        double[] expected = FiniteDifference.Gradient(values => run.Loss(values, Batch).Total, run.Start);
        foreach (LinearLayer layer in run.Network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            Assert.That(actual[range], Has.Some.Not.Zero, layer.Name);
            ErrorBound.Check(layer.Name, expected[range], actual[range], Bounds(expected[range], DifferenceTolerance));
        }
    }

    [Test]
    public void Batches_differ_and_repeat()
    {
        using var backend = new ReferenceBackend();
        using var run = new ObjectiveRun(backend, PathSchedule.Deterministic, SomeDropped);
        double[] first = run.Gradients(run.Start, 0);
        Assert.That(run.Gradients(run.Start, 1), Is.Not.EqualTo(first));
        ErrorBound.CheckBits("gradients of batch 0", first, run.Gradients(run.Start, 0));
    }

    [Test]
    public void Dropped_rows_do_not_feed_the_condition_encoder([Values(0, 1)] int dropped)
    {
        using var backend = new ReferenceBackend();
        double[] drops = [0, 0];
        drops[dropped] = 1;
        using var run = new ObjectiveRun(backend, PathSchedule.Deterministic, drops);
        double[] gradients = run.Gradients(run.Start, Batch);
        FlowMatchingLoss before = run.Loss(run.Start, Batch);
        double[] moved = [.. run.Start];
        foreach (LinearLayer layer in run.Network.ConditionEncoders[dropped])
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            Assert.That(gradients[range], Is.All.Zero, layer.Name);
            Array.Fill(moved, 7.0, layer.Offset, layer.Length);
        }

        foreach (LinearLayer layer in run.Network.ConditionEncoders[1 - dropped])
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            Assert.That(gradients[range], Has.Some.Not.Zero, layer.Name);
        }

        Assert.That(run.Loss(moved, Batch), Is.EqualTo(before), "loss with another encoder of the dropped covariate");
    }

    [TestCaseSource(nameof(Schedules))]
    public void Cpu_backend_agrees_with_the_reference_on_loss_and_gradients(PathSchedule schedule)
    {
        using var reference = new ReferenceBackend();
        using var cpu = new CpuBackend(threads: 1);
        using var exact = new ObjectiveRun(reference, schedule, SomeDropped, rows: 70);
        using var run = new ObjectiveRun(cpu, schedule, SomeDropped, rows: 70);
        double[] expected = exact.Gradients(exact.Start, Batch);
        double[] actual = run.Gradients(run.Start, Batch);

        // Sums of at most 70 rounded terms through six layers, forward and back: a few hundred roundings of the largest terms.
        // Cancellation makes single gradients small, so the bound is relative to the largest of its layer.
        double roundings = 300 * cpu.UnitRoundoff;
        foreach (LinearLayer layer in run.Network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            double scale = expected[range].Max(Math.Abs);
            ErrorBound.Check(layer.Name, expected[range], actual[range], [.. expected[range].Select(_ => roundings * scale)]);
        }

        FlowMatchingLoss loss = run.Loss(run.Start, Batch), truth = exact.Loss(exact.Start, Batch);
        Assert.That(loss.Velocity, Is.EqualTo(truth.Velocity).Within(roundings * truth.Velocity));
        Assert.That(loss.Score, Is.EqualTo(truth.Score).Within(roundings * truth.Score));
    }

    [Test]
    public void Gradients_after_several_steps_have_the_same_bits_for_any_number_of_threads([Values(1, 33, 300)] int rows)
    {
        // Wide enough for several blocks of columns, and 300 rows for several panels of rows per thread.
        double[] Run(int threads)
        {
            using ComputeBackend backend = new CpuBackend(threads);
            using var run = new ObjectiveRun(backend, PathSchedule.NoiseOnPath(0.5), SomeDropped, rows, headHidden: 96);
            return run.GradientsAfter(5);
        }

        double[] single = Run(1);
        Assert.That(single, Has.Some.Not.Zero);
        ErrorBound.CheckBits("2 threads", single, Run(2));
        ErrorBound.CheckBits("3 threads", single, Run(3));
    }

    private static double[] Bounds(double[] values, double tolerance) =>
        [.. values.Select(value => tolerance * Math.Max(1, Math.Abs(value)))];
}
