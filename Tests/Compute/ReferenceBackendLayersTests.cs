using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>
/// The reference checked by what it must satisfy rather than against another implementation: adjoint identities, central
/// differences, formulas. All in double precision.
/// </summary>
public sealed class ReferenceBackendLayersTests
{
    private const int Rows = 5;
    private const int Inputs = 4;
    private const int Outputs = 3;

    // Identities between sums of about 100 products of order 1: 1e-12 is a thousand roundings.
    private const double Identity = 1e-12;

    // Central differences of functions of order 10 (see FiniteDifference): 1e-8 leaves two digits of room.
    private const double Difference = 1e-8;

    private readonly ReferenceBackend backend = new();
    private readonly RandomData data = new(81);

    [OneTimeTearDown]
    public void Dispose() => backend.Dispose();

    [Test]
    public void Layer_is_a_matrix_product()
    {
        using var w = new Workspace(backend);
        double[] y = Evaluate(w, [1, 2, 3, 4], [1, 0, -1, 0.5f, 2, 2, 0, 0, 0, 0, 0, 1], [0.25f, -1, 3], Activation.None);
        Assert.That(y, Is.EqualTo(new[] { 0.25, 5, 7 }));
    }

    [Test]
    public void Selu_has_its_published_values()
    {
        // selu(1) = lambda; selu(-1) = lambda alpha (1/e - 1); saturation at -lambda alpha. Relative roundings only.
        using var w = new Workspace(backend);
        double[] y = Evaluate(w, [1, 0, 0, 0], [1, 0, 0, 0, -1, 0, 0, 0, -100, 0, 0, 0], [0, 0, 0], Activation.Selu);
        Assert.That(y, Is.EqualTo(new[] { 1.0507009873554805, -1.1113307378125625, -1.7580993408473766 }).Within(1e-14));
    }

    [Test]
    public void Input_gradient_is_the_adjoint_of_the_layer()
    {
        // <dY, X W^T> = <dY W, X> for all X and dY.
        using var w = new Workspace(backend);
        HostMatrix x = data.Matrix(Rows, Inputs), dy = data.Matrix(Rows, Outputs);
        ParameterView weight = w.Weight(data.Matrix(Outputs, Inputs));
        Matrix y = w.Output(Rows, Outputs), dx = w.Output(Rows, Inputs);
        backend.Linear(w.Input(x), weight, null, Activation.None, StackLayout.Primal(1), y);
        backend.LinearBackwardInput(w.Input(dy), weight, null, GradientMode.Overwrite, dx);
        Assert.That(Dot(dy, Workspace.Read(y)), Is.EqualTo(Dot(x, Workspace.Read(dx))).Within(Identity));
    }

    [Test]
    public void Weight_gradient_is_the_adjoint_of_the_layer_in_its_weights()
    {
        // <dY, X W^T + 1 b> = <dY^T X, W> + <column sums of dY, b> for all W and b.
        using var w = new Workspace(backend);
        HostMatrix x = data.Matrix(Rows, Inputs), dy = data.Matrix(Rows, Outputs);
        HostMatrix weight = data.Matrix(Outputs, Inputs), bias = data.Matrix(1, Outputs);
        Matrix y = w.Output(Rows, Outputs);
        ParameterView dWeight = w.Weight(weight), dBias = w.Weight(bias);
        backend.Linear(w.Input(x), w.Weight(weight), w.Weight(bias), Activation.None, StackLayout.Primal(1), y);
        backend.LinearBackwardWeights(w.Input(dy), w.Input(x), GradientMode.Overwrite, dWeight, dBias);
        double right = Dot(weight, Workspace.Read(dWeight)) + Dot(bias, Workspace.Read(dBias));
        Assert.That(Dot(dy, Workspace.Read(y)), Is.EqualTo(right).Within(Identity));
    }

    [Test]
    public void Gradients_through_two_layers_match_differences()
    {
        // loss = <dY, W2 selu(W1 x + b1)>, differentiated in x, W1, b1 and W2.
        const int hidden = 6;
        double[] x = Doubles(data.Normal(Rows * Inputs)), w1 = Doubles(data.Normal(hidden * Inputs));
        double[] b1 = Doubles(data.Normal(hidden)), w2 = Doubles(data.Normal(Outputs * hidden));
        HostMatrix dy = data.Matrix(Rows, Outputs);

        using var w = new Workspace(backend);
        Matrix input = w.Output(Rows, Inputs), middle = w.Output(Rows, hidden), output = w.Output(Rows, Outputs);
        ParameterView weight1 = View(w, hidden, Inputs), bias1 = View(w, 1, hidden), weight2 = View(w, Outputs, hidden);
        double Loss(double[] atX, double[] atW1, double[] atB1, double[] atW2)
        {
            input.Write<double>(atX);
            weight1.Buffer.Write<double>(atW1);
            bias1.Buffer.Write<double>(atB1);
            weight2.Buffer.Write<double>(atW2);
            backend.Linear(input, weight1, bias1, Activation.Selu, StackLayout.Primal(1), middle);
            backend.Linear(middle, weight2, null, Activation.None, StackLayout.Primal(1), output);
            return Dot(dy, Workspace.Read(output));
        }

        Loss(x, w1, b1, w2);
        Matrix dOutput = w.Input(dy), dMiddle = w.Output(Rows, hidden), dInput = w.Output(Rows, Inputs);
        ParameterView dWeight1 = View(w, hidden, Inputs), dBias1 = View(w, 1, hidden), dWeight2 = View(w, Outputs, hidden);
        backend.LinearBackwardWeights(dOutput, middle, GradientMode.Overwrite, dWeight2, null);
        backend.LinearBackwardInput(dOutput, weight2, middle, GradientMode.Overwrite, dMiddle);
        backend.LinearBackwardWeights(dMiddle, input, GradientMode.Overwrite, dWeight1, dBias1);
        backend.LinearBackwardInput(dMiddle, weight1, null, GradientMode.Overwrite, dInput);

        Assert.Multiple(() =>
        {
            Assert.That(
                Workspace.Read(dInput), Is.EqualTo(FiniteDifference.Gradient(v => Loss(v, w1, b1, w2), x)).Within(Difference));
            Assert.That(
                Workspace.Read(dWeight1), Is.EqualTo(FiniteDifference.Gradient(v => Loss(x, v, b1, w2), w1)).Within(Difference));
            Assert.That(
                Workspace.Read(dBias1), Is.EqualTo(FiniteDifference.Gradient(v => Loss(x, w1, v, w2), b1)).Within(Difference));
            Assert.That(
                Workspace.Read(dWeight2), Is.EqualTo(FiniteDifference.Gradient(v => Loss(x, w1, b1, v), w2)).Within(Difference));
        });
    }

    [Test]
    public void Accumulated_gradients_add_up()
    {
        using var w = new Workspace(backend);
        Matrix x = w.Input(data.Matrix(Rows, Inputs)), dy = w.Input(data.Matrix(Rows, Outputs));
        ParameterView weight = w.Weight(data.Matrix(Outputs, Inputs)), dWeight = View(w, Outputs, Inputs);
        Matrix dx = w.Output(Rows, Inputs);
        backend.LinearBackwardInput(dy, weight, null, GradientMode.Overwrite, dx);
        backend.LinearBackwardWeights(dy, x, GradientMode.Overwrite, dWeight, null);
        double[] onceInput = Workspace.Read(dx), onceWeight = Workspace.Read(dWeight);
        backend.LinearBackwardInput(dy, weight, null, GradientMode.Accumulate, dx);
        backend.LinearBackwardWeights(dy, x, GradientMode.Accumulate, dWeight, null);
        Assert.Multiple(() =>
        {
            Assert.That(Workspace.Read(dx), Is.EqualTo(onceInput.Select(value => 2 * value)).Within(Identity));
            Assert.That(Workspace.Read(dWeight), Is.EqualTo(onceWeight.Select(value => 2 * value)).Within(Identity));
        });
    }

    [Test]
    public void Tangent_rows_are_differences_of_primal_rows([Values] Activation activation)
    {
        // Two conditions, both with tangents along two probes each: four tangent segments behind two primal ones.
        var stack = new StackLayout(2, 2, 2);
        HostMatrix input = data.Matrix(Rows, Inputs, stack.Segments), bias = data.Matrix(1, Outputs);
        HostMatrix weight = data.Matrix(Outputs, Inputs);
        double[] Primal(double[] x)
        {
            using var w = new Workspace(backend);
            Matrix from = w.Output(Rows, Inputs), to = w.Output(Rows, Outputs);
            from.Write<double>(x);
            backend.Linear(from, w.Weight(weight), w.Weight(bias), activation, StackLayout.Primal(1), to);
            return Workspace.Read(to);
        }

        using var w = new Workspace(backend);
        Matrix output = w.Output(Rows, Outputs, stack.Segments);
        backend.Linear(w.Input(input), w.Weight(weight), w.Weight(bias), activation, stack, output);
        double[] result = Workspace.Read(output);
        for (int probe = 0; probe < 2; probe++)
        {
            for (int condition = 0; condition < 2; condition++)
            {
                // Order of the segments written out: 0 1 primal, 2 3 first probe, 4 5 second probe.
                int segment = 2 + (2 * probe) + condition;
                Assert.That(
                    result.AsSpan(segment * Rows * Outputs, Rows * Outputs).ToArray(),
                    Is.EqualTo(FiniteDifference.Directional(Primal, Segment(input, condition), Segment(input, segment)))
                        .Within(Difference));
            }
        }
    }

    [Test]
    public void Expanded_conditions_are_a_layer_on_concatenated_inputs()
    {
        // SELU(W_z z + W_c c + W_t tau + b): the split layer and its tangents against one plain layer on [z, c, tau].
        var stack = new StackLayout(2, 2, 1);
        HostMatrix z = data.Matrix(Rows, Inputs, 2), conditions = data.Matrix(2, 2), times = data.Matrix(Rows, 3);
        HostMatrix weight = data.Matrix(Outputs, Inputs + 2 + 3), bias = data.Matrix(1, Outputs);
        using var w = new Workspace(backend);
        ParameterView whole = w.Weight(weight), b = w.Weight(bias);
        Matrix shared = w.Output(Rows, Outputs, 2), rows = w.Output(2, Outputs), tau = w.Output(Rows, Outputs);
        backend.Linear(w.Input(z), whole.SliceColumns(0, Inputs), null, Activation.None, StackLayout.Primal(2), shared);
        backend.Linear(w.Input(conditions), whole.SliceColumns(Inputs, 2), b, Activation.None, StackLayout.Primal(1), rows);
        backend.Linear(w.Input(times), whole.SliceColumns(Inputs + 2, 3), null, Activation.None, StackLayout.Primal(1), tau);
        Matrix expanded = w.Output(Rows, Outputs, stack.Segments);
        backend.ExpandConditions(shared, rows, tau, stack, expanded);

        float Joined(int segment, int r, int j) => (segment < 2, j) switch
        {
            (_, < Inputs) => z[segment / 2, r, j],
            (true, < Inputs + 2) => conditions[0, segment, j - Inputs],
            (true, _) => times[0, r, j - Inputs - 2],
            _ => 0,
        };
        const int width = Inputs + 2 + 3;
        var joined = new HostMatrix(4, Rows, width, [.. Enumerable.Range(0, 4 * Rows * width).Select(
            i => Joined(i / (Rows * width), i / width % Rows, i % width))]);
        Matrix direct = w.Output(Rows, Outputs, stack.Segments);
        backend.Linear(w.Input(joined), whole, b, Activation.Selu, stack, direct);
        Assert.That(Workspace.Read(expanded), Is.EqualTo(Workspace.Read(direct)).Within(Identity));
    }

    private static ParameterView View(Workspace w, int rows, int columns) =>
        new(w.Parameters(new float[rows * columns]), 0, rows, columns, columns);

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private static double[] Segment(HostMatrix matrix, int segment) =>
        Doubles(matrix.Values.AsSpan(segment * matrix.Rows * matrix.Columns, matrix.Rows * matrix.Columns).ToArray());

    private static double Dot(HostMatrix left, double[] right) => left.Values.Zip(right, (a, b) => a * b).Sum();

    private double[] Evaluate(Workspace w, float[] x, float[] weight, float[] bias, Activation activation)
    {
        Matrix output = w.Output(1, Outputs);
        backend.Linear(
            w.Input(new HostMatrix(1, 1, Inputs, x)), w.Weight(new HostMatrix(1, Outputs, Inputs, weight)),
            w.Weight(new HostMatrix(1, 1, Outputs, bias)), activation, StackLayout.Primal(1), output);
        return Workspace.Read(output);
    }
}
