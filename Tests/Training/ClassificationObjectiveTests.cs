using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Tests.Training;

/// <summary>The classifier's cross-entropy with a network: gradients, backends, bad input.</summary>
public sealed class ClassificationObjectiveTests
{
    private const int Dimension = 3;
    private const int Classes = 4;
    private const long Batch = 2;

    [Test]
    public void Gradients_in_every_parameter_are_those_of_central_differences([Values(0, 1, 2)] int hiddenLayers)
    {
        using var backend = new ReferenceBackend();
        ClassifierNetwork network = Network(hiddenLayers);
        double[] start = Start(network);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ClassificationObjective objective = Objective(backend, network, 16);
        double Loss(double[] values)
        {
            parameters.Write<double>(values);
            objective.Forward(parameters, Batch);
            return objective.Loss;
        }

        double[] actual = Gradients(backend, network, objective, start);
        double[] expected = FiniteDifference.Gradient(Loss, start);

        // Central differences of a loss of order one are good to about 1e-10 (see FiniteDifference); SELU's kink, where the gradient
        // jumps, is not within a step of any argument of this batch.
        foreach (LinearLayer layer in network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            Assert.That(actual[range], Has.Some.Not.Zero, layer.Name);
            ErrorBound.Check(
                layer.Name, expected[range], actual[range], [.. expected[range].Select(value => 1e-8 * Math.Max(1, Math.Abs(value)))]);
        }
    }

    [Test]
    public void Cpu_backend_agrees_with_the_reference_for_any_number_of_threads()
    {
        double[] On(ComputeBackend backend)
        {
            using (backend)
            {
                ClassifierNetwork network = Network(2, 40);
                using ClassificationObjective objective = Objective(backend, network, 200);
                return Gradients(backend, network, objective, Start(network));
            }
        }

        double[] expected = On(new ReferenceBackend()), single = On(new CpuBackend(1));

        // Sums of at most 200 rounded terms through three layers, forward and back: a few hundred roundings of the largest term.
        double bound = 500 * expected.Max(Math.Abs) / (1 << 24);
        ErrorBound.Check("gradients", expected, single, [.. expected.Select(_ => bound)]);
        ErrorBound.CheckBits("2 threads", single, On(new CpuBackend(2)));
        ErrorBound.CheckBits("3 threads", single, On(new CpuBackend(3)));
    }

    [Test]
    public void Labels_and_points_that_do_not_fit_are_named()
    {
        using var backend = new ReferenceBackend();
        Assert.That(
            () => new ClassificationObjective(backend, Network(1), new float[6], [0, 4], 2, 1), Throws.ArgumentException.With.Message.Contains("value 4"));
        Assert.That(
            () => new ClassificationObjective(backend, Network(1), new float[5], [0, 1], 2, 1), Throws.ArgumentException.With.Message.Contains("5 values"));
    }

    private static ClassifierNetwork Network(int hiddenLayers, int hidden = 7) =>
        new(new ClassifierShape(Dimension, Classes) { Hidden = hidden, HiddenLayers = hiddenLayers });

    /// <summary>Nonzero weights everywhere, also in the last layer, whose initial zeros would hide the layers before.</summary>
    private static double[] Start(ClassifierNetwork network) =>
        [.. new RandomData(5).Normal(network.ParameterCount, 0.4).Select(value => (double)value)];

    private static ClassificationObjective Objective(ComputeBackend backend, ClassifierNetwork network, int batch)
    {
        const int rows = 60;
        var random = new RandomData(6);
        return new ClassificationObjective(backend, network, random.Normal(rows * Dimension), random.Integers(rows, 0, Classes), batch, 3);
    }

    private static double[] Gradients(ComputeBackend backend, ClassifierNetwork network, ClassificationObjective objective, double[] values)
    {
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<double>(values);
        objective.Forward(parameters, Batch);
        objective.Backward(parameters, gradients);
        return Workspace.Read(gradients);
    }
}
