using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Loss of classifiers.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractClassificationTests(Func<ComputeBackend> create) : BackendContract(create)
{
    [Test]
    [Covers(nameof(ComputeBackend.SoftmaxCrossEntropy))]
    public void Loss_and_gradient_agree(
        [Values(1, 7, 32, 33, 257)] int rows, [Values(2, 3, 11)] int classes, [Values(1, 30)] double scale, [Values] Placement placement)
    {
        var data = new RandomData(91);
        HostMatrix logits = data.Matrix(rows, classes, 1, scale);
        int[] labels = data.Integers(rows, 0, classes);
        double[] Run(Workspace w)
        {
            // The loss goes to the middle one of three series; the others must keep their value.
            Accumulator loss = w.Sums(1, 3, (_, _) => 0.5);
            Matrix gradient = w.Output(rows, classes, 1, placement);
            w.Backend.SoftmaxCrossEntropy(w.Input(logits, placement), w.Indices(labels), 1, loss, gradient);
            return [.. Workspace.Read(loss), .. Workspace.Read(gradient)];
        }

        // A row's loss is a sum of its largest logit, its own logit and a logarithm of at most ln(classes) whose argument is a sum of
        // rounded exponentials; a gradient is a ratio of such sums, at most 1, over n.
        double magnitude = 0;
        for (int r = 0; r < rows; r++)
        {
            magnitude += (2 * Enumerable.Range(0, classes).Max(j => Math.Abs(logits[0, r, j]))) + Math.Log(classes) + 1;
        }

        double[] gradients = [.. Enumerable.Repeat(1.0 / rows, rows * classes)];
        Compare("loss and gradient", Run, ErrorBound.Of(Backend, classes, [0, magnitude / rows, 0, .. gradients]));
    }

    [Test]
    public void Equal_logits_give_the_logarithm_of_the_number_of_classes()
    {
        using var w = new Workspace(Backend);
        Accumulator loss = w.Sums(1);
        Matrix gradient = w.Output(2, 4);
        w.Backend.SoftmaxCrossEntropy(w.Input(new HostMatrix(1, 2, 4, [5, 5, 5, 5, -3, -3, -3, -3])), w.Indices(0, 3), 0, loss, gradient);
        Assert.That(Workspace.Read(loss)[0], Is.EqualTo(Math.Log(4)).Within(1e-6));
        Assert.That(
            Workspace.Read(gradient),
            Is.EqualTo((double[])[-0.375, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375]).Within(1e-6));
    }

    [Test]
    public void A_logit_that_is_no_number_is_seen_in_the_loss([Values(0, 1, 2)] int position, [Values(0, 1, 2)] int own)
    {
        // Whatever class it belongs to: a training that has gone wrong must not look like one that has not.
        float[] logits = [1, 2, 3, 3, 2, 1, 0, 0, 0];
        logits[3 + position] = float.NaN;
        using var w = new Workspace(Backend);
        Accumulator loss = w.Sums(1);
        w.Backend.SoftmaxCrossEntropy(w.Input(new HostMatrix(1, 3, 3, logits)), w.Indices(own, own, own), 0, loss, w.Output(3, 3));
        Assert.That(Workspace.Read(loss)[0], Is.NaN);
    }

    [Test]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var w = new Workspace(Backend);
        Matrix logits = w.Input(new RandomData(92).Matrix(4, 3));
        Assert.That(
            () => Backend.SoftmaxCrossEntropy(logits, w.Indices(0, 1, 2), 0, w.Sums(1), w.Output(4, 3)),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("classes"));
        Assert.That(
            () => Backend.SoftmaxCrossEntropy(logits, w.Indices(0, 1, 2, 0), 0, w.Sums(1), w.Output(4, 2)),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("dLogits"));
    }
}
