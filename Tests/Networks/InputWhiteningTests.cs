using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Networks;

/// <summary>Whitened inputs on every backend: weight gradients times (C / tau + damping I)^-1, and nothing else changed.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class InputWhiteningTests(Func<ComputeBackend> create)
{
    // More than one part of a device's sums over rows.
    private const int Rows = 150;
    private const int Dimension = 3;
    private const double Damping = 0.1;

    // What is set up here, and the state, is in float32 on every backend.
    private const double FloatRoundoff = 6e-8;

    private static readonly VelocityScoreNetwork Network = new(new NetworkShape(Dimension, [3])
    {
        DataHidden = 7, DataCode = 4, ConditionHidden = 6, ConditionCode = 3, TimeFeatures = 6, HeadHidden = 8, HeadLayers = 2,
    });

    [Test]
    public void Weight_gradients_are_the_plain_ones_times_the_inverse_moments()
    {
        using var run = new Run(create(), Damping);
        double[] plain = run.Gradients();
        run.Pass.ObserveInputs();
        run.Pass.RenewWhitening();
        double[] whitened = run.Gradients();
        Assert.Multiple(() =>
        {
            foreach (LinearLayer layer in Network.Layers)
            {
                Matrix<double> before = Weight(plain, layer), after = Weight(whitened, layer);
                Matrix<double>? inputs = run.Inputs(layer);
                Matrix<double> expected = inputs is null ? before : before * Inverse(inputs);

                // The inverse's condition is at most inputs / damping, some hundreds, and gradients are sums of products that cancel.
                double tolerance = 1000 * Math.Max(run.UnitRoundoff, FloatRoundoff);
                Assert.That((after - expected).L2Norm(), Is.LessThan(tolerance * expected.L2Norm()), layer.Name);
                Range biases = layer.BiasOffset..(layer.Offset + layer.Length);
                Assert.That(whitened[biases], Is.EqualTo(plain[biases]).Within(tolerance * plain[biases].Max(Math.Abs)), layer.Name);
            }
        });
    }

    [Test]
    public void Until_they_are_renewed_gradients_are_the_plain_ones()
    {
        using var run = new Run(create(), Damping);
        using var plain = new Run(create(), null);
        run.Pass.ObserveInputs();
        Assert.That(run.Gradients(), Is.EqualTo(plain.Gradients()));
        Assert.That(plain.Pass.WhiteningLength, Is.Zero);
    }

    [Test]
    public void Without_an_observation_a_renewal_changes_nothing()
    {
        using var run = new Run(create(), Damping);
        run.Pass.ObserveInputs();
        run.Pass.RenewWhitening();
        double[] first = run.Gradients();
        run.Pass.RenewWhitening();
        Assert.That(run.Gradients(), Is.EqualTo(first));
    }

    [Test]
    public void Moments_are_those_since_the_last_renewal()
    {
        using var run = new Run(create(), Damping);
        using var other = new Run(create(), Damping);

        // Both batches count, whichever came first.
        run.Observe(1, 2);
        other.Observe(2, 1);
        double[] both = run.Gradients();
        AssertClose(other.Gradients(), both, run.UnitRoundoff);

        // The third alone counts, whatever came before.
        run.Observe(3);
        other.Observe(4);
        other.Observe(3);
        double[] third = run.Gradients();
        AssertClose(other.Gradients(), third, run.UnitRoundoff);
        Assert.That(third.Zip(both, (a, b) => Math.Abs(a - b)).Max(), Is.GreaterThan(0.02 * both.Max(Math.Abs)));
    }

    [TestCase(0, float.NaN)]
    [TestCase(-1, 2)]
    [TestCase(-2, -1)]
    public void A_damaged_state_is_refused(int place, float value)
    {
        using var run = new Run(create(), Damping);
        float[] state = new float[run.Pass.WhiteningLength];
        state[place < 0 ? state.Length + place : place] = value;
        Assert.That(() => run.Pass.RestoreWhitening(state), Throws.ArgumentException.With.Message.Contains("damaged"));
    }

    [Test]
    public void Another_pass_goes_on_from_the_state()
    {
        using var first = new Run(create(), Damping);
        using var second = new Run(create(), Damping);
        first.Pass.ObserveInputs();
        first.Pass.RenewWhitening();
        first.Gradients();
        first.Pass.ObserveInputs();
        float[] state = new float[first.Pass.WhiteningLength];
        first.Pass.ReadWhitening(state);
        second.Pass.RestoreWhitening(state);
        first.Pass.RenewWhitening();
        second.Pass.RenewWhitening();

        // The state is in float32, the reference's moments are not.
        double[] expected = first.Gradients();
        Assert.That(second.Gradients(), Is.EqualTo(expected).Within(1e-4 * expected.Max(Math.Abs)));
        Assert.That(() => second.Pass.RestoreWhitening(new float[3]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void AssertClose(double[] actual, double[] expected, double unitRoundoff) =>
        Assert.That(actual, Is.EqualTo(expected).Within(1000 * Math.Max(unitRoundoff, FloatRoundoff) * expected.Max(Math.Abs)));

    private static Matrix<double> Inverse(Matrix<double> inputs)
    {
        Matrix<double> moments = inputs.TransposeThisAndMultiply(inputs);
        return ((moments * (moments.RowCount / moments.Trace())) + (Damping * Matrix<double>.Build.DenseIdentity(moments.RowCount))).Inverse();
    }

    private static Matrix<double> Weight(double[] values, LinearLayer layer) =>
        Matrix<double>.Build.DenseOfRowMajor(layer.Outputs, layer.Inputs, values[layer.Offset..layer.BiasOffset]);

    private sealed class Run : IDisposable
    {
        private readonly ComputeBackend backend;
        private readonly Workspace workspace;
        private readonly Matrix points;
        private readonly Matrix times;
        private readonly IndexBuffer[] categories;
        private readonly Matrix dVelocity;
        private readonly Matrix dScore;
        private readonly ParameterBuffer parameters;

        public Run(ComputeBackend backend, double? damping)
        {
            this.backend = backend;
            workspace = new Workspace(backend);
            Pass = new NetworkTrainingPass(backend, Network, Rows, whitening: damping);
            var random = new RandomData(31);
            points = workspace.Input(random.Matrix(Rows, Dimension));
            times = workspace.Input(new HostMatrix(1, Rows, 1, random.Uniform(Rows, 0, 1)));
            categories = [workspace.Indices(random.Integers(Rows, -1, 3))];
            dVelocity = workspace.Input(random.Matrix(Rows, Dimension));
            dScore = workspace.Input(random.Matrix(Rows, Dimension));
            parameters = workspace.Parameters(Network.Initialize(5, 1, Math.Sqrt(3)));
        }

        public NetworkTrainingPass Pass { get; }

        public double UnitRoundoff => backend.UnitRoundoff;

        public double[] Gradients()
        {
            ParameterBuffer gradients = workspace.Parameters(new float[Network.ParameterCount]);
            Pass.Forward(parameters, points, times, categories);
            Pass.Backward(parameters, points, categories, dVelocity, dScore, gradients);
            return Workspace.Read(gradients);
        }

        /// <summary>Observes batches, then renews.</summary>
        public void Observe(params ReadOnlySpan<ulong> batches)
        {
            foreach (ulong batch in batches)
            {
                // Of another size each, so that their moments differ.
                using Matrix other = backend.CreateMatrix(Rows, Dimension);
                other.Write<float>(new RandomData(batch).Normal(Rows * Dimension, batch));
                Pass.Forward(parameters, other, times, categories);
                Pass.ObserveInputs();
            }

            Pass.RenewWhitening();
        }

        /// <summary>What a layer saw in the last forward pass, computed here; null for layers whose inputs are not whitened.</summary>
        public Matrix<double>? Inputs(LinearLayer wanted)
        {
            Matrix<double> encoded = Selu(Apply(Network.DataEncoder[0], Host(points)));
            if (wanted == Network.DataEncoder[1])
            {
                return encoded;
            }

            if (wanted == Network.DataEncoder[0] || Network.ConditionEncoders.Any(encoder => encoder.Contains(wanted)))
            {
                return null;
            }

            Matrix<double> current = Features(Apply(Network.DataEncoder[1], encoded));
            IReadOnlyList<LinearLayer> head = Network.VelocityHead.Contains(wanted) ? Network.VelocityHead : Network.ScoreHead;
            foreach (LinearLayer layer in head.TakeWhile(layer => layer != wanted))
            {
                current = Selu(Apply(layer, current));
            }

            return current;
        }

        public void Dispose()
        {
            Pass.Dispose();
            workspace.Dispose();
            backend.Dispose();
        }

        private static Matrix<double> Selu(Matrix<double> values) => values.Map(
            y => 1.0507009873554805 * (y > 0 ? y : 1.6732632423543772 * (Math.Exp(y) - 1)));

        private static Matrix<double> Host(Matrix values) => Matrix<double>.Build.DenseOfRowMajor(values.Rows, values.Columns, Workspace.Read(values));

        private Matrix<double> Apply(LinearLayer layer, Matrix<double> inputs)
        {
            double[] all = Workspace.Read(parameters);
            Vector<double> bias = Vector<double>.Build.Dense(all[layer.BiasOffset..(layer.BiasOffset + layer.Outputs)]);
            Matrix<double> product = inputs.TransposeAndMultiply(Weight(all, layer));
            return Matrix<double>.Build.Dense(product.RowCount, product.ColumnCount, (i, j) => product[i, j] + bias[j]);
        }

        /// <summary>Data code, the code of each row's category or zeros, time features.</summary>
        private Matrix<double> Features(Matrix<double> code)
        {
            int[] own = Workspace.Read(categories[0]);
            Matrix<double> oneHot = Matrix<double>.Build.Dense(3, 3, (i, j) => i == j ? 1 : 0);
            Matrix<double> codes = Apply(Network.ConditionEncoders[0][1], Selu(Apply(Network.ConditionEncoders[0][0], oneHot)));
            int half = Network.Shape.TimeFeatures / 2;
            double[] t = Workspace.Read(times);
            return Matrix<double>.Build.Dense(Rows, Network.Shape.HeadInput, (i, j) =>
            {
                int condition = j - code.ColumnCount, feature = condition - codes.ColumnCount;
                if (condition < 0)
                {
                    return code[i, j];
                }

                if (feature < 0)
                {
                    return own[i] < 0 ? 0 : codes[own[i], condition];
                }

                double angle = t[i] * Network.Shape.TimeScale * Math.Pow(10_000, -(feature % half) / (double)half);
                return feature < half ? Math.Cos(angle) : Math.Sin(angle);
            });
        }
    }
}
