using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Tests.Estimation;

/// <summary>Wrong arguments of a classifier's estimates.</summary>
public sealed class ClassifierEstimatorTests
{
    [Test]
    public void More_logits_than_an_array_holds_are_refused()
    {
        const int Classes = 600, Rows = 4_000_000;
        var shape = new ClassifierShape(1, Classes) { HiddenLayers = 0 };
        double[] shares = [.. Enumerable.Repeat(1.0 / Classes, Classes)];
        var model = new ClassifierModel(shape, new ClassifierNetwork(shape).Initialize(1, shares), null, shares);
        using var backend = new CpuBackend(threads: 1);
        using var estimator = new ClassifierEstimator(model, backend);
        Assert.That(
            () => estimator.Logits(new float[Rows]),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("points").And.Message.Contains($"{Rows}"));
        Assert.That(estimator.Logits(new float[2]), Is.EqualTo(Enumerable.Repeat(Math.Log(1.0 / Classes), 2 * Classes)).Within(1e-6));
    }
}
