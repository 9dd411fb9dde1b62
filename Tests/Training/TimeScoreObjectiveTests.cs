using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Tests.Training;

/// <summary>The losses TSM, CTSM and CTSM-v with a network: gradients, backends, batches.</summary>
public sealed class TimeScoreObjectiveTests
{
    private const long Batch = 3;

    private static IEnumerable<TestCaseData> Losses =>
        from loss in Enum.GetValues<TimeScoreLoss>()
        from path in (TimeScorePath[])[TimeScorePath.OneSided, TimeScorePath.TwoSided(0.5)]
        from weighting in Enum.GetValues<TimeScoreWeighting>()
        where loss == TimeScoreLoss.Marginal || weighting == TimeScoreWeighting.ObjectiveVariance
        select new TestCaseData(loss, path with { Weighting = weighting, Factor = 1.5 })
            .SetArgDisplayNames(loss.ToString(), path.IsTwoSided ? "two-sided" : "one-sided", weighting.ToString());

    [TestCaseSource(nameof(Losses))]
    public void Gradients_in_every_parameter_are_those_of_central_differences(TimeScoreLoss loss, TimeScorePath path)
    {
        using var backend = new ReferenceBackend();
        using var run = new TimeScoreRun(backend, loss, path);
        double[] actual = run.Gradients(run.Start, Batch);
        double[] expected = FiniteDifference.Gradient(values => run.Loss(values, Batch), run.Start);

        // Central differences of a loss of order one are good to about 1e-10 (see FiniteDifference). ELU' has no jump; its kink moves
        // ds/dt, whose gradient jumps there, but no argument of this batch lies within a step of zero.
        foreach (LinearLayer layer in run.Network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            Assert.That(actual[range], Has.Some.Not.Zero, layer.Name);
            ErrorBound.Check(
                layer.Name, expected[range], actual[range], [.. expected[range].Select(value => 1e-8 * Math.Max(1, Math.Abs(value)))]);
        }
    }

    [TestCaseSource(nameof(Losses))]
    public void Cpu_backend_agrees_with_the_reference_on_loss_and_gradients(TimeScoreLoss loss, TimeScorePath path)
    {
        using var reference = new ReferenceBackend();
        using var cpu = new CpuBackend(threads: 1);
        using var exact = new TimeScoreRun(reference, loss, path, rows: 70);
        using var run = new TimeScoreRun(cpu, loss, path, rows: 70);
        double[] expected = exact.Gradients(exact.Start, Batch), actual = run.Gradients(run.Start, Batch);

        // Sums of at most 70 rounded terms through three layers, forward and back: a few hundred roundings of the largest terms.
        // Cancellation makes single gradients small, so the bound is relative to the largest of its layer.
        double roundings = 300 * cpu.UnitRoundoff;
        foreach (LinearLayer layer in run.Network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            double scale = expected[range].Max(Math.Abs);
            ErrorBound.Check(layer.Name, expected[range], actual[range], [.. expected[range].Select(_ => roundings * scale)]);
        }

        Assert.That(run.Loss(run.Start, Batch), Is.EqualTo(exact.Loss(exact.Start, Batch)).Within(roundings * 10));
    }

    [Test]
    public void Batches_differ_and_repeat([Values] TimeScoreLoss loss)
    {
        using var backend = new ReferenceBackend();
        using var run = new TimeScoreRun(backend, loss, TimeScorePath.TwoSided());
        double[] first = run.Gradients(run.Start, 0);
        Assert.That(run.Gradients(run.Start, 1), Is.Not.EqualTo(first));
        ErrorBound.CheckBits("gradients of batch 0", first, run.Gradients(run.Start, 0));
    }

    [Test]
    public void Gradients_after_several_steps_have_the_same_bits_for_any_number_of_threads([Values] TimeScoreLoss loss)
    {
        double[] Run(int threads)
        {
            using ComputeBackend backend = new CpuBackend(threads);
            using var run = new TimeScoreRun(backend, loss, TimeScorePath.TwoSided(), rows: 300, hidden: 96);
            return run.GradientsAfter(5);
        }

        double[] single = Run(1);
        Assert.That(single, Has.Some.Not.Zero);
        ErrorBound.CheckBits("2 threads", single, Run(2));
        ErrorBound.CheckBits("3 threads", single, Run(3));
    }

    [Test]
    public void Parts_that_do_not_fit_are_named()
    {
        using var backend = new ReferenceBackend();
        using var pairs = new DataSetPairs(backend, new float[6], new float[6], 3, 4, 1);
        TimeScoreNetwork Network(int dimension, bool perCoordinate) => new(new TimeScoreShape(dimension) { Hidden = 4, PerCoordinate = perCoordinate });
        void Create(TimeScoreLoss loss, TimeScoreNetwork network, TimeScorePath path) =>
            TimeScoreObjective.Create(loss, backend, network, pairs, path, 4, 1).Dispose();

        Assert.That(
            () => Create(TimeScoreLoss.Marginal, Network(2, false), TimeScorePath.OneSided), Throws.ArgumentException.With.Message.Contains("dimension 3"));
        Assert.That(
            () => Create(TimeScoreLoss.Conditional, Network(3, true), TimeScorePath.OneSided), Throws.ArgumentException.With.Message.Contains("3 outputs"));
        Assert.That(
            () => Create(TimeScoreLoss.ConditionalPerCoordinate, Network(3, false), TimeScorePath.OneSided), Throws.ArgumentException);
        Assert.That(
            () => Create(TimeScoreLoss.Conditional, Network(3, false), TimeScorePath.OneSided with { Weighting = TimeScoreWeighting.Uniform }),
            Throws.ArgumentException.With.Message.Contains("Uniform"));
        Assert.That(
            () => new DataSetPairs(backend, new float[5], new float[6], 3, 4, 1), Throws.ArgumentException.With.Message.Contains("5 values"));
    }
}
