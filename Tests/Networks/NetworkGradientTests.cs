using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Networks;

/// <summary>Backward pass and tangents of the network against differences in double precision, for every kind of shape.</summary>
public sealed class NetworkGradientTests
{
    private const int Rows = 5;
    private const int Dimension = 3;

    // Values of order one: central differences are good to about 1e-10 (see FiniteDifference).
    private const double Tolerance = 1e-8;

    private static readonly int[][] Covariates = [[], [3], [3, 1, 4]];

    [Test]
    public void Gradients_of_every_layer_are_those_of_central_differences(
        [ValueSource(nameof(Covariates))] int[] covariates, [Values(1, 6)] int timeFeatures, [Values(1, 3)] int headLayers)
    {
        VelocityScoreNetwork network = Network(covariates, timeFeatures, headLayers);
        using var backend = new ReferenceBackend();
        using var workspace = new Workspace(backend);
        using var pass = new NetworkTrainingPass(backend, network, Rows);
        var random = new RandomData(31);
        Matrix points = workspace.Input(random.Matrix(Rows, Dimension));
        Matrix times = workspace.Input(new HostMatrix(1, Rows, 1, random.Uniform(Rows, 0, 1)));
        HostMatrix dVelocity = random.Matrix(Rows, Dimension), dScore = random.Matrix(Rows, Dimension);

        // Category -1, a dropped covariate, is among them.
        IndexBuffer[] categories = [.. covariates.Select(size => workspace.Indices(random.Integers(Rows, -1, size)))];
        float[] start = network.Initialize(5);
        ParameterBuffer parameters = workspace.Parameters(start);

        // The gradients are overwritten: NaN must not survive.
        ParameterBuffer gradients = workspace.Parameters([.. start.Select(_ => float.NaN)]);
        pass.Forward(parameters, points, times, categories);
        pass.Backward(parameters, points, categories, workspace.Input(dVelocity), workspace.Input(dScore), gradients);
        double[] actual = Workspace.Read(gradients);

        // The loss whose gradients in velocity and score are dVelocity and dScore.
        double Loss(double[] values)
        {
            parameters.Write<double>(values);
            pass.Forward(parameters, points, times, categories);
            return Dot(Workspace.Read(pass.Velocity), dVelocity.Values) + Dot(Workspace.Read(pass.Score), dScore.Values);
        }

        double[] expected = FiniteDifference.Gradient(Loss, [.. start.Select(value => (double)value)]);
        foreach (LinearLayer layer in network.Layers)
        {
            Range range = layer.Offset..(layer.Offset + layer.Length);
            ErrorBound.Check(layer.Name, expected[range], actual[range], Bounds(expected[range]));
        }
    }

    [Test]
    public void Tangents_are_Jacobian_vector_products(
        [ValueSource(nameof(Covariates))] int[] covariates, [Values(1, 6)] int timeFeatures, [Values(1, 3)] int headLayers)
    {
        using var backend = new ReferenceBackend();
        using var workspace = new Workspace(backend);
        VelocityScoreNetwork network = Network(covariates, timeFeatures, headLayers);
        var flow = new NetworkFlow(backend, network, workspace.Parameters(network.Initialize(6)));
        var first = new Condition([.. covariates.Select(size => size - 1)]);
        Condition second = Condition.Empty(covariates.Length);
        using FlowEvaluator evaluator = flow.CreateEvaluator(new EvaluationPlan([first, second], 2, 2, [0], Rows));
        evaluator.Times.Write<double>([0.37]);
        var random = new RandomData(32);
        double[] x = Widen(random.Normal(Rows * Dimension));
        double[][] probes = [Widen(random.Normal(x.Length)), Widen(random.Normal(x.Length))];
        for (int probe = 0; probe < probes.Length; probe++)
        {
            evaluator.Tangents!.Write<double>(probes[probe], probe);
        }

        double[] Velocity(double[] at, int segment)
        {
            evaluator.Points.Write<double>(at);
            evaluator.Evaluate();
            double[] values = new double[at.Length];
            evaluator.Velocity.Read<double>(values, segment);
            return values;
        }

        double[] weights = Widen(random.Normal(x.Length));
        for (int condition = 0; condition < 2; condition++)
        {
            double[] gradient = FiniteDifference.Gradient(at => Dot(Velocity(at, condition), weights), x);
            for (int probe = 0; probe < probes.Length; probe++)
            {
                double[] tangent = Velocity(x, evaluator.Plan.Stack.TangentOf(condition, probe));
                double[] difference = FiniteDifference.Directional(at => Velocity(at, condition), x, probes[probe]);
                ErrorBound.Check($"condition {condition}, probe {probe}", difference, tangent, Bounds(difference));

                // Adjointness: w . (J v) = (J^T w) . v.
                Assert.That(Dot(tangent, weights), Is.EqualTo(Dot(gradient, probes[probe])).Within(10 * Tolerance));
            }
        }
    }

    [Test]
    public void Velocity_and_score_of_the_evaluator_are_those_of_the_training_pass(
        [ValueSource(nameof(Covariates))] int[] covariates)
    {
        using var backend = new ReferenceBackend();
        using var workspace = new Workspace(backend);
        VelocityScoreNetwork network = Network(covariates, 6, 3);
        ParameterBuffer parameters = workspace.Parameters(network.Initialize(7));
        var condition = new Condition([.. covariates.Select(_ => 0)]);
        HostMatrix x = new RandomData(33).Matrix(Rows, Dimension);
        using var pass = new NetworkTrainingPass(backend, network, Rows);
        pass.Forward(
            parameters,
            workspace.Input(x),
            workspace.Input(new HostMatrix(1, Rows, 1, [.. Enumerable.Repeat(0.25f, Rows)])),
            [.. covariates.Select(_ => workspace.Indices(new int[Rows]))]);
        using FlowEvaluator evaluator =
            new NetworkFlow(backend, network, parameters).CreateEvaluator(new EvaluationPlan([condition], 0, 0, [0], Rows));
        evaluator.Points.Write<float>(x.Values);
        evaluator.Times.Write<double>([0.25]);
        evaluator.Evaluate();

        // The evaluator adds the three parts of the first head layer in another order: a few roundings.
        double[] velocity = Workspace.Read(pass.Velocity), score = Workspace.Read(pass.Score);
        ErrorBound.Check("velocity", velocity, Workspace.Read(evaluator.Velocity), [.. velocity.Select(_ => 1e-14)]);
        ErrorBound.Check("score", score, Workspace.Read(evaluator.Score!), [.. score.Select(_ => 1e-14)]);
    }

    private static VelocityScoreNetwork Network(int[] covariates, int timeFeatures, int headLayers) =>
        new(new NetworkShape(Dimension, covariates)
        {
            DataHidden = 7,
            DataCode = 4,
            ConditionHidden = 6,
            ConditionCode = 3,
            TimeFeatures = timeFeatures,
            HeadHidden = 8,
            HeadLayers = headLayers,
        });

    private static double Dot(double[] left, IEnumerable<double> right) => left.Zip(right, (a, b) => a * b).Sum();

    private static double Dot(double[] left, float[] right) => Dot(left, Widen(right));

    private static double[] Widen(float[] values) => [.. values.Select(value => (double)value)];

    private static double[] Bounds(double[] values) => [.. values.Select(value => Tolerance * Math.Max(1, Math.Abs(value)))];
}
