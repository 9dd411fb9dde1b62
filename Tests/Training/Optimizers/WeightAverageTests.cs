using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Training.Optimizers;

/// <summary>Exponential average of the weights and its growing decay, in double precision.</summary>
public sealed class WeightAverageTests
{
    // A few dozen roundings of values of order one.
    private const double Tolerance = 1e-14;

    private ReferenceBackend backend = null!;
    private Workspace workspace = null!;

    [SetUp]
    public void CreateBackend()
    {
        backend = new ReferenceBackend();
        workspace = new Workspace(backend);
    }

    [TearDown]
    public void DisposeBackend()
    {
        workspace.Dispose();
        backend.Dispose();
    }

    [Test]
    public void Starts_at_the_weights_and_keeps_constant_ones()
    {
        ParameterBuffer weights = workspace.Parameters([1, -2, 3]);
        using var average = new WeightAverage(backend, weights, 0.999);
        Assert.That(Workspace.Read(average.Parameters), Is.EqualTo(Workspace.Read(weights)));
        for (int i = 0; i < 50; i++)
        {
            average.Update(weights);
        }

        Assert.That(Workspace.Read(average.Parameters), Is.EqualTo(Workspace.Read(weights)).Within(Tolerance));
    }

    [Test]
    public void Follows_the_recursion_with_a_decay_that_grows_to_its_final_value([Values(0.5, 0.9, 0.999)] double decay)
    {
        ParameterBuffer weights = workspace.Parameters([0]);
        using var average = new WeightAverage(backend, weights, decay);
        double expected = 0;
        for (int n = 1; n <= 200; n++)
        {
            weights.Write<double>([n % 7]);
            average.Update(weights);
            double used = Math.Min(decay, (1.0 + n) / (10.0 + n));
            expected = (used * expected) + ((1 - used) * (n % 7));
            Assert.That(Workspace.Read(average.Parameters)[0], Is.EqualTo(expected).Within(Tolerance), $"update {n}");
        }
    }

    [Test]
    public void Zero_decay_keeps_the_latest_weights()
    {
        ParameterBuffer weights = workspace.Parameters([1, 2]);
        using var average = new WeightAverage(backend, weights, 0);
        weights.Write<double>([-4, 5]);
        average.Update(weights);
        Assert.That(Workspace.Read(average.Parameters), Is.EqualTo(Workspace.Read(weights)));
    }

    [Test]
    public void Is_a_copy()
    {
        ParameterBuffer weights = workspace.Parameters([1]);
        using var average = new WeightAverage(backend, weights, 0.9);
        weights.Write<double>([7]);
        Assert.That(Workspace.Read(average.Parameters)[0], Is.EqualTo(1));
    }

    [TestCase(-0.1)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void A_decay_out_of_range_is_named_with_its_value(double decay)
    {
        ArgumentOutOfRangeException exception =
            Assert.Throws<ArgumentOutOfRangeException>(() => _ = new WeightAverage(backend, workspace.Parameters([1]), decay))!;
        Assert.That(exception.ParamName, Is.EqualTo("decay"));
        Assert.That(exception.Message, Does.Contain(decay.ToString()));
    }
}
