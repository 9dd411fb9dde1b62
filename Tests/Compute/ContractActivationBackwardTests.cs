using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Backward through the activation of a stack, first and second order.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractActivationBackwardTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private static readonly StackLayout[] Stacks = [new(1, 0, 0), new(3, 0, 0), new(1, 1, 1), new(3, 1, 1), new(2, 2, 3)];

    [Test]
    [Covers(nameof(ComputeBackend.ActivationBackward))]
    public void Agrees(
        [ValueSource(nameof(Stacks))] StackLayout stack, [Values] Activation activation, [Values(1, 7, 33, 257)] int rows)
    {
        Check(stack, activation, rows, 13, Placement.Whole, Placement.Whole);
    }

    [Test]
    public void Agrees_wherever_operands_lie([Values] Placement outputs, [Values] Placement gradients) =>
        Check(new StackLayout(3, 1, 2), Activation.Elu, 33, 20, outputs, gradients);

    [Test]
    public void Is_the_adjoint_of_the_layer_with_its_tangents([Values(Activation.Selu, Activation.Elu)] Activation activation)
    {
        // With the identity as weight the layer is y = f(p), y' = f'(p) q. The gradients of sum(dy y) + sum(dy' y') in p and q, by
        // central differences of the reference, are what the operation must give.
        var stack = new StackLayout(2, 1, 2);
        const int rows = 5, columns = 3;
        var data = new RandomData(62);
        double[] input = [.. data.Normal(stack.Segments * rows * columns).Select(value => (double)value)];
        HostMatrix gradient = data.Matrix(rows, columns, stack.Segments);
        HostMatrix identity = new(1, columns, columns, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        double[] Layer(Workspace w, double[] values)
        {
            Matrix x = w.Output(rows, columns, stack.Segments), y = w.Output(rows, columns, stack.Segments);
            for (int s = 0; s < stack.Segments; s++)
            {
                x.Write<double>(values.AsSpan(s * rows * columns, rows * columns), s);
            }

            w.Backend.Linear(x, w.Weight(identity), null, activation, stack, y);
            return Workspace.Read(y);
        }

        double[] expected = On(Reference, w => FiniteDifference.Gradient(
            values => Layer(w, values).Zip(gradient.Values, (y, dy) => y * dy).Sum(), input));
        float[] outputs = On(Reference, w => Layer(w, input)).Select(value => (float)value).ToArray();
        double[] actual = On(Backend, w =>
        {
            Matrix d = w.Input(gradient);
            w.Backend.ActivationBackward(w.Input(new HostMatrix(stack.Segments, rows, columns, outputs)), activation, stack, d);
            return Workspace.Read(d);
        });

        // The outputs were rounded to float: a few roundings of values of order one to ten.
        ErrorBound.Check("gradients", expected, actual, [.. expected.Select(_ => 1e-5)]);
    }

    private void Check(StackLayout stack, Activation activation, int rows, int columns, Placement from, Placement to)
    {
        var data = new RandomData(61);
        HostMatrix tangents = data.Matrix(rows, columns, stack.Segments);
        HostMatrix gradient = data.Matrix(rows, columns, stack.Segments);

        // Outputs of the activation in the primal segments, some at zero and some saturated.
        HostMatrix outputs = tangents with
        {
            Values = [.. tangents.Values.Select((value, i) => i / (rows * columns) < stack.PrimalSegments
                ? (float)ActivationFunction.Value(activation, Math.Abs(value) < 0.05 ? 0 : 20 * value)
                : value)],
        };
        double[] Run(Workspace w, HostMatrix y, HostMatrix dy)
        {
            Matrix d = w.Input(dy, to);
            w.Backend.ActivationBackward(w.Input(y, from), activation, stack, d);
            return Workspace.Read(d);
        }

        // Slopes are at most lambda alpha, and a primal adds one product per tangent.
        int length = rows * columns;
        double[] bounds = new double[stack.Segments * length];
        for (int i = 0; i < bounds.Length; i++)
        {
            int segment = i / length;
            double scale = Selu.ScaleAlpha * Math.Abs(gradient.Values[i]);
            for (int probe = 0; segment < stack.TangentConditions && probe < stack.Probes; probe++)
            {
                int at = (stack.TangentOf(segment, probe) * length) + (i % length);
                scale += Math.Abs(outputs.Values[at] * gradient.Values[at]);
            }

            bounds[i] = ErrorBound.Of(Backend.UnitRoundoff, stack.Probes, scale);
        }

        Compare("gradients", w => Run(w, outputs, gradient), bounds);
    }
}
