using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>The reference's rows, rates, loss and optimiser against formulas, adjoint identities and differences.</summary>
public sealed class ReferenceBackendTests
{
    // Comparisons between double-precision expressions of order 1 to 100.
    private const double Rounding = 1e-13;

    private readonly ReferenceBackend backend = new();
    private readonly RandomData data = new(91);

    [OneTimeTearDown]
    public void Dispose() => backend.Dispose();

    [Test]
    public void Time_features_follow_the_formula()
    {
        float[] times = [0, 0.25f, 1];
        using var w = new Workspace(backend);
        Matrix features = w.Output(3, 6), plain = w.Output(3, 1), input = w.Input(new HostMatrix(1, 3, 1, times));
        backend.TimeFeatures(input, features);
        backend.TimeFeatures(input, plain);

        // half = 3: frequencies 1, 10000^(-1/3), 10000^(-2/3).
        double[] frequencies = [1, 0.046415888336127795, 0.0021544346900318843];
        double[] expected = [.. times.SelectMany(
            t => frequencies.Select(f => Math.Cos(t * f)).Concat(frequencies.Select(f => Math.Sin(t * f))))];
        Assert.Multiple(() =>
        {
            Assert.That(Workspace.Read(features), Is.EqualTo(expected).Within(Rounding));
            Assert.That(Workspace.Read(plain), Is.EqualTo(times.Select(t => (double)t)));
        });
    }

    [Test]
    public void Scatter_is_the_adjoint_of_gather()
    {
        // <dY, gather(T)> = <scatter(dY), T> for all T and dY, dropped indices included.
        using var w = new Workspace(backend);
        HostMatrix table = data.Matrix(4, 3), dOutput = data.Matrix(20, 3);
        IndexBuffer indices = w.Indices(data.Integers(20, -1, 4));
        Matrix output = w.Output(20, 3), dTable = w.Output(4, 3);
        backend.GatherRows(w.Input(table), indices, output);
        backend.ScatterRows(w.Input(dOutput), indices, dTable);
        Assert.That(
            Dot(dOutput.Values, Workspace.Read(output)), Is.EqualTo(Dot(table.Values, Workspace.Read(dTable))).Within(Rounding));
    }

    [Test]
    public void Squared_error_is_the_mean_and_its_gradient_matches_differences([Values] bool weighted)
    {
        using var w = new Workspace(backend);
        double[] start = [.. data.Normal(15).Select(value => (double)value)];
        HostMatrix target = data.Matrix(5, 3), weights = new(1, 5, 1, data.Uniform(5, 0, 2));
        Matrix prediction = w.Output(5, 3), t = w.Input(target), gradient = w.Output(5, 3);
        Matrix? rowWeight = weighted ? w.Input(weights) : null;
        Accumulator sums = w.Sums(1);
        double Loss(double[] y)
        {
            prediction.Write<double>(y);
            backend.SquaredError(prediction, t, rowWeight, 0, sums, gradient);
            return Workspace.Read(sums)[0];
        }

        double loss = Loss(start);
        double[] analytic = Workspace.Read(gradient);
        double[] squares = [.. start.Select(
            (y, i) => Math.Pow(((weighted ? weights.Values[i / 3] : 1) * y) - target.Values[i], 2))];
        Assert.Multiple(() =>
        {
            Assert.That(loss, Is.EqualTo(squares.Average()).Within(Rounding));

            // A quadratic has no truncation error; what remains is rounding, 1e-15 / step.
            Assert.That(analytic, Is.EqualTo(FiniteDifference.Gradient(Loss, start)).Within(1e-9));
        });
    }

    [Test]
    public void Adam_takes_three_steps_as_written_out()
    {
        // One parameter 1, gradients 2, -1, 0.5, rate 0.1, betas 0.5 and 0.75, epsilon 0.5: moments by hand.
        // m: 1, 0, 0.25; v: 1, 1, 0.8125. Corrections 1 - beta1^t: 1/2, 3/4, 7/8; 1 - beta2^t: 1/4, 7/16, 37/64.
        // Updates: 0.1 * 2 / (sqrt(4) + 0.5) = 0.08; 0; 0.1 * (2/7) / (sqrt(0.8125 * 64/37) + 0.5).
        double[] gradients = [2, -1, 0.5];
        double[] expectedM = [1, 0, 0.25], expectedV = [1, 1, 0.8125];
        double third = 0.1 * (2.0 / 7) / (Math.Sqrt(52.0 / 37) + 0.5);
        double[] expectedP = [0.92, 0.92, 0.92 - third];
        using var w = new Workspace(backend);
        ParameterBuffer p = w.Parameters([1]), g = w.Parameters([0]), m = w.Parameters([0]), v = w.Parameters([0]);
        for (int t = 0; t < 3; t++)
        {
            g.Write<double>([gradients[t]]);
            backend.Adam(p, g, m, v, new AdamStep(0.1, 0.5, 0.75, 0.5, t + 1));
            Assert.Multiple(() =>
            {
                Assert.That(Workspace.Read(m)[0], Is.EqualTo(expectedM[t]).Within(Rounding), $"m, step {t + 1}");
                Assert.That(Workspace.Read(v)[0], Is.EqualTo(expectedV[t]).Within(Rounding), $"v, step {t + 1}");
                Assert.That(Workspace.Read(p)[0], Is.EqualTo(expectedP[t]).Within(Rounding), $"p, step {t + 1}");
            });
        }
    }

    [Test]
    public void Rates_follow_the_formula_where_the_divergence_is_not_zero()
    {
        // u(x) = A x in two dimensions, s(x) = -x, b given: the rate is -tr A + (b - u) . s. Divergence tr A = 5.
        double[,] a = { { 2, 1 }, { -1, 3 } };
        double[] x = [0.5, -1.5], b = [1, 2];
        double[] u = [(a[0, 0] * x[0]) + (a[0, 1] * x[1]), (a[1, 0] * x[0]) + (a[1, 1] * x[1])];
        double expected = -5 + ((b[0] - u[0]) * -x[0]) + ((b[1] - u[1]) * -x[1]);
        var stack = new StackLayout(1, 1, 2);
        using var w = new Workspace(backend);
        Matrix velocity = w.Output(1, 2, 3), score = w.Output(1, 2), field = w.Output(1, 2), probes = w.Output(1, 2, 2);
        velocity.Write<double>(u, 0);
        velocity.Write<double>([a[0, 0], a[1, 0]], 1);
        velocity.Write<double>([a[0, 1], a[1, 1]], 2);
        score.Write<double>([-x[0], -x[1]]);
        field.Write<double>(b);
        backend.FillUnitTangents(0, probes);
        Accumulator exact = w.Sums(1), perProbe = w.Sums(1, 2);
        backend.LogDensityRates(
            velocity, stack, score, [0], field, probes, DivergenceReduction.Sum, GradientMode.Overwrite, exact);
        backend.LogDensityRates(
            velocity, stack, score, [0], field, probes, DivergenceReduction.PerProbe, GradientMode.Overwrite, perProbe);
        Assert.Multiple(() =>
        {
            Assert.That(Workspace.Read(exact)[0], Is.EqualTo(expected).Within(Rounding));
            Assert.That(Workspace.Read(perProbe), Is.EqualTo(new[] { expected + 3, expected + 2 }).Within(Rounding));
        });
    }

    [Test]
    public void Standard_normal_log_density_matches_the_formula()
    {
        // -(1 + 4)/2 - log(2 pi) in two dimensions.
        using var w = new Workspace(backend);
        Accumulator result = w.Sums(1);
        backend.StandardNormalLogDensity(w.Input(new HostMatrix(1, 1, 2, [1, -2])), result);
        Assert.That(Workspace.Read(result)[0], Is.EqualTo(-2.5 - 1.8378770664093453).Within(Rounding));
    }

    private static double Dot(float[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
