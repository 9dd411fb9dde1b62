using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Networks;

/// <summary>The network of time scores: tangents along t, and the backward pass through them, against differences in double precision.</summary>
public sealed class TimeScorePassTests
{
    private const int Rows = 5;
    private const int Dimension = 3;

    // Values of order one: central differences are good to about 1e-10 (see FiniteDifference).
    private const double Tolerance = 1e-8;

    private static readonly StackLayout[] Stacks = [StackLayout.Primal(1), new(1, 1, 1), new(3, 1, 1), new(2, 2, 2)];

    [Test]
    public void The_tangent_is_the_derivative_in_time([Values] bool perCoordinate)
    {
        using var backend = new ReferenceBackend();
        using var workspace = new Workspace(backend);
        TimeScoreNetwork network = Network(perCoordinate, 3);
        using var pass = new TimeScorePass(backend, network, Rows, new StackLayout(1, 1, 1));
        ParameterBuffer parameters = workspace.Parameters(network.Initialize(1));
        pass.Points[0].Write<float>(new RandomData(91).Normal(Rows * Dimension));
        pass.Points[1].Write<float>(new float[Rows * Dimension]);
        pass.Times[1].Write<float>([.. Enumerable.Repeat(1f, Rows)]);
        double[] Output(double t, int segment)
        {
            pass.Times[0].Write<double>([.. Enumerable.Repeat(t, Rows)]);
            pass.Forward(parameters);
            double[] values = new double[Rows * network.Shape.Outputs];
            pass.Output.Read<double>(values, segment);
            return values;
        }

        double[] expected = [.. Output(0.4 + 1e-5, 0).Zip(Output(0.4 - 1e-5, 0), (ahead, behind) => (ahead - behind) / 2e-5)];
        ErrorBound.Check("ds/dt", expected, Output(0.4, 1), [.. expected.Select(_ => Tolerance)]);
        Assert.That(expected, Has.None.Zero);
    }

    [Test]
    public void Gradients_in_every_parameter_are_those_of_central_differences(
        [ValueSource(nameof(Stacks))] StackLayout stack, [Values] bool perCoordinate, [Values(1, 3)] int hiddenLayers)
    {
        using var backend = new ReferenceBackend();
        using var workspace = new Workspace(backend);
        TimeScoreNetwork network = Network(perCoordinate, hiddenLayers);
        using var pass = new TimeScoreTrainingPass(backend, network, Rows, stack);
        var random = new RandomData(92);
        for (int segment = 0; segment < stack.Segments; segment++)
        {
            pass.Points[segment].Write<float>(random.Normal(Rows * Dimension));
            pass.Times[segment].Write<float>(random.Uniform(Rows, 0, 1));
        }

        HostMatrix dOutput = random.Matrix(Rows, network.Shape.Outputs, stack.Segments);
        float[] start = network.Initialize(2);
        ParameterBuffer parameters = workspace.Parameters(start);

        // The gradients are overwritten: NaN must not survive.
        ParameterBuffer gradients = workspace.Parameters([.. start.Select(_ => float.NaN)]);
        pass.Forward(parameters);
        for (int segment = 0; segment < stack.Segments; segment++)
        {
            pass.OutputGradient.Write<float>(dOutput.Values.AsSpan(segment * Rows * network.Shape.Outputs, Rows * network.Shape.Outputs), segment);
        }

        pass.Backward(parameters, gradients);
        double[] actual = Workspace.Read(gradients);
        double Loss(double[] values)
        {
            parameters.Write<double>(values);
            pass.Forward(parameters);
            return Workspace.Read(pass.Output).Zip(dOutput.Values, (y, dy) => y * dy).Sum();
        }

        double[] expected = FiniteDifference.Gradient(Loss, [.. start.Select(value => (double)value)]);
        foreach (LinearLayer layer in network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            ErrorBound.Check(
                layer.Name, expected[range], actual[range], [.. expected[range].Select(value => Tolerance * Math.Max(1, Math.Abs(value)))]);
        }
    }

    [Test]
    public void The_published_network_has_three_hidden_layers_of_256_on_points_and_time()
    {
        var network = new TimeScoreNetwork(new TimeScoreShape(10));
        Assert.That(
            network.Layers.Select(layer => (layer.Inputs, layer.Outputs)), Is.EqualTo(new[] { (11, 256), (256, 256), (256, 256), (256, 1) }));
        Assert.That(new TimeScoreNetwork(new TimeScoreShape(10) { PerCoordinate = true }).Layers[^1].Outputs, Is.EqualTo(10));
        Assert.That(
            () => new TimeScoreNetwork(new TimeScoreShape(0)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Dimension"));
    }

    private static TimeScoreNetwork Network(bool perCoordinate, int hiddenLayers) =>
        new(new TimeScoreShape(Dimension) { Hidden = 7, HiddenLayers = hiddenLayers, PerCoordinate = perCoordinate });
}
