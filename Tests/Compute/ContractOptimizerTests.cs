using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>The loss, the optimiser and the weight average.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractOptimizerTests(Func<ComputeBackend> create) : BackendContract(create)
{
    [Test]
    [Covers(nameof(ComputeBackend.SquaredError))]
    public void Squared_error_and_its_gradient_agree(
        [Values(1, 7, 32, 33, 100, 257)] int rows, [Values(1, 10, 64)] int columns,
        [Values] bool weighted, [Values] Placement placement)
    {
        var data = new RandomData(51);
        HostMatrix prediction = data.Matrix(rows, columns), target = data.Matrix(rows, columns);
        HostMatrix weights = new(1, rows, 1, weighted ? data.Uniform(rows, 0, 1) : [.. Enumerable.Repeat(1f, rows)]);
        double[] Run(Workspace w)
        {
            // The loss goes to the middle one of three series; the others must keep their value.
            Accumulator loss = w.Sums(1, 3, (_, _) => 0.5);
            Matrix gradient = w.Output(rows, columns, 1, placement);
            w.Backend.SquaredError(
                w.Input(prediction, placement), w.Input(target, placement),
                weighted ? w.Input(weights, placement) : null, 1, loss, gradient);
            return [.. Workspace.Read(loss), .. Workspace.Read(gradient)];
        }

        // The residual's error is relative to |w y| + |target|, and so are the gradient's and, squared, the loss's. Residuals
        // may be rounded; their squares are added in float64, so the number of terms does not enter.
        double count = rows * columns;
        double[] residuals = [.. Enumerable.Range(0, rows * columns).Select(
            i => (weights.Values[i / columns] * Math.Abs(prediction.Values[i])) + (double)Math.Abs(target.Values[i]))];
        double lossScale = residuals.Sum(residual => residual * residual) / count;
        IEnumerable<double> gradientScales = residuals.Select((residual, i) => 2 * weights.Values[i / columns] * residual / count);
        Compare("loss and gradient", Run, ErrorBound.Of(Backend, 1, [0, lossScale, 0, .. gradientScales]));
    }

    [Test]
    public void Squared_error_repeats_bit_by_bit()
    {
        var data = new RandomData(52);
        HostMatrix prediction = data.Matrix(257, 64), target = data.Matrix(257, 64);
        double[] Run(Workspace w)
        {
            Accumulator loss = w.Sums(1);
            w.Backend.SquaredError(w.Input(prediction), w.Input(target), null, 0, loss, w.Output(257, 64));
            return Workspace.Read(loss);
        }

        double[] first = On(Backend, Run);
        for (int repeat = 0; repeat < 5; repeat++)
        {
            ErrorBound.CheckBits($"repeat {repeat}", first, On(Backend, Run));
        }
    }

    [Test]
    [Covers(nameof(ComputeBackend.Adam))]
    public void Adam_step_agrees([Values(1, 7, 33, 1000)] int length, [Values(1L, 2L, 1000L, 100_000L)] long number)
    {
        var data = new RandomData(53);
        float[] parameters = data.Normal(length), gradients = data.Normal(length);
        float[] first = data.Normal(length, 0.1), second = data.Uniform(length, 0, 1);

        // A parameter that never had a gradient must stay where it is, and tiny gradients must not vanish.
        (gradients[0], first[0], second[0]) = (0, 0, 0);
        (gradients[^1], first[^1], second[^1]) = length > 1 ? (1e-6f, 1e-7f, 1e-14f) : (0, 0, 0);
        var step = new AdamStep(1e-2, 0.9, 0.999, 1e-8, number);
        double[] Run(Workspace w)
        {
            ParameterBuffer p = w.Parameters(parameters), m = w.Parameters(first), v = w.Parameters(second);
            w.Backend.Adam(p, w.Parameters(gradients), m, v, step);
            return [.. Workspace.Read(p), .. Workspace.Read(m), .. Workspace.Read(v)];
        }

        // The first moment may cancel, so its scale is the sum of magnitudes, and the update inherits it; the second moment is a
        // sum of positive terms, so its scale is itself. The factors 1 - beta are to be formed in float64: 1 - 0.999f would be
        // off by 1,000 roundings.
        List<double> p = [], m = [], v = [];
        for (int i = 0; i < length; i++)
        {
            double momentScale = (step.Beta1 * Math.Abs(first[i])) + ((1 - step.Beta1) * Math.Abs(gradients[i]));
            double square = (step.Beta2 * second[i]) + ((1 - step.Beta2) * gradients[i] * gradients[i]);
            double root = (Math.Sqrt(square) / step.SecondMomentCorrection) + step.Epsilon;
            p.Add(Math.Abs(parameters[i]) + (step.CorrectedRate * momentScale / root));
            m.Add(momentScale);
            v.Add(square);
        }

        Compare("Adam step", Run, ErrorBound.Of(Backend, 2, [.. p, .. m, .. v]));
    }

    [Test]
    public void A_gradient_far_above_its_second_moment_is_scaled_down([Values(1, 33, 20_000)] int length, [Values(0.5, 4)] double largest)
    {
        var data = new RandomData(58);
        float[] parameters = data.Normal(length), gradients = data.Normal(length, 3);
        float[] first = data.Normal(length, 0.1), second = data.Uniform(length, 0.9, 1.1);
        AdamStep step = new(1e-2, 0.9, 0.999, 1e-8, 100_000) { LargestRatio = largest };
        double[] Run(Workspace w)
        {
            ParameterBuffer p = w.Parameters(parameters), m = w.Parameters(first), v = w.Parameters(second);
            w.Backend.Adam(p, w.Parameters(gradients), m, v, step);
            return [.. Workspace.Read(p), .. Workspace.Read(m), .. Workspace.Read(v)];
        }

        // By the definition: with ratios of root mean square r, the gradient that the moments see is min(1, largest / r) of the one given.
        double squares = gradients.Zip(second, (g, v) =>
            Math.Pow(g / ((Math.Sqrt((0.999 * v) + ((1 - 0.999) * g * g)) / step.SecondMomentCorrection) + step.Epsilon), 2)).Average();
        double scale = Math.Min(1, largest / Math.Sqrt(squares));
        if (length > 1)
        {
            Assert.That(scale < 1, Is.EqualTo(largest < 1), "the case is what it should be");
        }

        double[] result = On(Backend, Run);
        double tolerance = ErrorBound.Of(Backend, 8, [1.0])[0];
        for (int i = 0; i < length; i++)
        {
            double expected = (0.9 * first[i]) + (0.1 * scale * gradients[i]);
            Assert.That(result[length + i], Is.EqualTo(expected).Within(tolerance * (1 + Math.Abs(expected))));
        }

        Compare("bounded step", Run, ErrorBound.Of(Backend, 8, [.. parameters.Select(p => Math.Abs(p) + 0.1), .. first.Select(_ => 1.0), .. second.Select(_ => 1.0)]));
    }

    [Test]
    [Covers(nameof(ComputeBackend.AverageParameters))]
    public void Averaged_parameters_agree([Values(1, 7, 33, 1000)] int length, [Values(0, 0.5, 0.999)] double decay)
    {
        var data = new RandomData(54);
        float[] parameters = data.Normal(length), average = data.Normal(length);
        double[] Run(Workspace w)
        {
            ParameterBuffer target = w.Parameters(average);
            w.Backend.AverageParameters(w.Parameters(parameters), decay, target);
            return Workspace.Read(target);
        }

        IEnumerable<double> scales = parameters.Zip(
            average, (p, a) => (decay * Math.Abs(a)) + ((1 - decay) * Math.Abs(p)));
        Compare("average", Run, ErrorBound.Of(Backend, 2, scales));
    }

    [Test]
    [Covers(nameof(ComputeBackend.AdamAndAverage))]
    public void Adam_with_the_average_gives_the_bits_of_one_after_the_other(
        [Values(1, 7, 33, 1000, 20_000)] int length, [Values(0, 0.5, 0.999)] double decay)
    {
        var data = new RandomData(56);
        float[] parameters = data.Normal(length), gradients = data.Normal(length), average = data.Normal(length);
        float[] first = data.Normal(length, 0.1), second = data.Uniform(length, 0, 1);
        var step = new AdamStep(1e-2, 0.9, 0.999, 1e-8, 3);
        double[] Run(Workspace w, bool together)
        {
            ParameterBuffer p = w.Parameters(parameters), g = w.Parameters(gradients), m = w.Parameters(first), v = w.Parameters(second);
            ParameterBuffer a = w.Parameters(average);
            long before = Math.Min(p.Version, a.Version);
            if (together)
            {
                w.Backend.AdamAndAverage(p, g, m, v, step, decay, a);
            }
            else
            {
                w.Backend.Adam(p, g, m, v, step);
                w.Backend.AverageParameters(p, decay, a);
            }

            Assert.That(Math.Min(p.Version, a.Version), Is.GreaterThan(before), "both have changed");
            return [.. Workspace.Read(p), .. Workspace.Read(m), .. Workspace.Read(v), .. Workspace.Read(a)];
        }

        ErrorBound.CheckBits("parameters, moments, average", On(Backend, w => Run(w, together: false)), On(Backend, w => Run(w, together: true)));
    }

    [Test]
    public void Adam_takes_the_gradients_of_layers_that_nobody_has_read(
        [Values(5, 300)] int rows, [Values] bool averaged)
    {
        // A matrix of which two layers own some columns each and nobody the rest, a bias behind it, and a matrix after a gap: a backend
        // may leave gradients in parts of the batch until somebody reads them. The first step is the one that finds places for them.
        const int length = 100;
        var data = new RandomData(57);
        float[] parameters = data.Normal(length), gradients = data.Normal(length);
        HostMatrix[] dOutputs = [data.Matrix(rows, 6), data.Matrix(rows, 6)];
        HostMatrix x = data.Matrix(rows, 4), z = data.Matrix(rows, 3), u = data.Matrix(rows, 2);
        double[] Run(Workspace w, bool reads)
        {
            ParameterBuffer p = w.Parameters(parameters), g = w.Parameters(gradients);
            ParameterBuffer m = w.Parameters(new float[length]), v = w.Parameters(new float[length]), a = w.Parameters(parameters);
            for (int step = 1; step <= 4; step++)
            {
                Matrix dy = w.Input(dOutputs[step % 2]);
                w.Backend.LinearBackwardWeights(
                    dy, w.Input(x), GradientMode.Overwrite, new ParameterView(g, 5, 6, 4, 10), new ParameterView(g, 65, 1, 6, 6));
                w.Backend.LinearBackwardWeights(dy, w.Input(u), GradientMode.Overwrite, new ParameterView(g, 80, 6, 2, 2), null);
                w.Backend.LinearBackwardWeights(dy, w.Input(z), GradientMode.Overwrite, new ParameterView(g, 10, 6, 3, 10), null);
                if (reads)
                {
                    Workspace.Read(g);
                }

                var constants = new AdamStep(1e-2, 0.9, 0.999, 1e-8, step);
                if (averaged)
                {
                    w.Backend.AdamAndAverage(p, g, m, v, constants, 0.5, a);
                }
                else
                {
                    w.Backend.Adam(p, g, m, v, constants);
                }
            }

            return [.. Workspace.Read(p), .. Workspace.Read(m), .. Workspace.Read(v), .. Workspace.Read(a), .. Workspace.Read(g)];
        }

        ErrorBound.CheckBits(
            "parameters, moments, average, gradients", On(Backend, w => Run(w, reads: true)), On(Backend, w => Run(w, reads: false)));
    }

    [Test]
    public void Averaging_without_decay_copies()
    {
        float[] parameters = new RandomData(55).Normal(100);
        double[] result = On(
            Backend,
            w =>
            {
                ParameterBuffer average = w.Parameters(new float[100]);
                w.Backend.AverageParameters(w.Parameters(parameters), 0, average);
                return Workspace.Read(average);
            });
        Assert.That(result, Is.EqualTo(parameters.Select(value => (double)value)));
    }
}
