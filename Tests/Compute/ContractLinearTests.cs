using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>The fully connected layer on a stack of primal and tangent segments.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public class ContractLinearTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private static readonly StackLayout Small = new(2, 1, 1);

    // (inputs, outputs): single elements, odd inner sizes, and sizes on both sides of usual panel and vector widths.
    private static readonly (int Inputs, int Outputs)[] Shapes =
        [(1, 1), (3, 2), (7, 10), (13, 20), (65, 64), (20, 7), (64, 33)];

    private static readonly StackLayout[] Stacks =
        [new(1, 0, 0), new(3, 0, 0), new(1, 1, 1), new(2, 2, 1), new(2, 2, 2), new(3, 2, 3), new(3, 3, 2), new(2, 1, 3)];

    [Test]
    [Covers(nameof(ComputeBackend.Linear))]
    public void Agrees_for_every_shape(
        [Values(1, 7, 32, 33, 100, 257)] int rows,
        [ValueSource(nameof(Shapes))] (int Inputs, int Outputs) shape)
    {
        Check(rows, shape.Inputs, shape.Outputs, Small, Activation.Selu, withBias: true);
    }

    [Test]
    public void Agrees_for_every_stack(
        [ValueSource(nameof(Stacks))] StackLayout stack,
        [Values] Activation activation,
        [Values] bool withBias)
    {
        Check(33, 13, 20, stack, activation, withBias);
    }

    [Test]
    public void Agrees_wherever_operands_lie(
        [Values] Placement input, [Values] Placement output, [Values] bool slicedWeight)
    {
        Check(33, 13, 20, Small, Activation.Selu, withBias: true, input, output, slicedWeight);
    }

    [Test]
    public void Agrees_at_the_width_of_a_real_head() =>
        Check(40, 1024, 1024, Small, Activation.Selu, withBias: true);

    [Test]
    public void Further_input_segments_are_ignored()
    {
        Check(33, 13, 20, Small, Activation.Selu, withBias: true, furtherSegments: 2);
    }

    [Test]
    public void Extreme_preactivations_keep_the_function_and_its_slope_within_bounds(
        [Values(Activation.Selu, Activation.Elu)] Activation activation)
    {
        // One input and weight 1, so that the pre-activation is the number itself: saturation, overflow of e^x if it were
        // evaluated for positive x, the smallest exponentials, both zeros, and numbers far below the unit roundoff.
        float[] extremes = [-1000, -104, -100, -88, -17, -1, -1e-6f, -1e-30f, -0f, 0, 1e-30f, 1e-6f, 1, 17, 88, 100, 1000];
        var stack = new StackLayout(1, 1, 2);
        float[] tangents = new RandomData(11).Normal(2 * extremes.Length);
        var input = new HostMatrix(stack.Segments, extremes.Length, 1, [.. extremes, .. tangents]);
        CheckLayer(input, new HostMatrix(1, 1, 1, [1]), null, activation, stack);
    }

    [Test]
    public void New_parameters_are_seen()
    {
        // A backend may keep a repacked copy of the weights; it must notice every way in which they change.
        var data = new RandomData(12);
        HostMatrix input = data.Matrix(5, 3);
        float[] first = data.Normal(6), second = data.Normal(6), gradient = data.Normal(6);
        HostMatrix dOutput = data.Matrix(5, 2);
        double[] Run(Workspace w)
        {
            ParameterBuffer weights = w.Parameters(first);
            var view = new ParameterView(weights, 0, 2, 3, 3);
            Matrix x = w.Input(input), y = w.Output(5, 2);
            List<double> results = [];
            void Evaluate()
            {
                w.Backend.Linear(x, view, null, Activation.None, StackLayout.Primal(1), y);
                results.AddRange(Workspace.Read(y));
            }

            Evaluate();
            weights.Write<float>(second);
            Evaluate();
            w.Backend.Adam(
                weights, w.Parameters(gradient), w.Parameters(new float[6]), w.Parameters(new float[6]),
                new AdamStep(0.1, 0.9, 0.999, 1e-8, 1));
            Evaluate();
            w.Backend.AverageParameters(w.Parameters(first), 0.5, weights);
            Evaluate();
            w.Backend.LinearBackwardWeights(w.Input(dOutput), x, GradientMode.Overwrite, view, null);
            Evaluate();
            return [.. results];
        }

        // All numbers are of order one to ten; 100 is a generous sum of magnitudes, a stale copy is off by about one.
        Compare("layer after each change", Run, ErrorBound.Of(Backend, 20, Enumerable.Repeat(100.0, 50)));
    }

    private static double[] Run(
        Workspace w, HostMatrix input, HostMatrix weight, HostMatrix? bias, Activation activation, StackLayout stack,
        Placement from = Placement.Whole, Placement to = Placement.Whole, bool sliced = false)
    {
        Matrix output = w.Output(input.Rows, weight.Rows, stack.Segments, to);
        ParameterView? biasView = bias is null ? null : w.Weight(bias);
        w.Backend.Linear(w.Input(input, from), w.Weight(weight, sliced), biasView, activation, stack, output);
        return Workspace.Read(output);
    }

    private void Check(
        int rows, int inputs, int outputs, StackLayout stack, Activation activation, bool withBias,
        Placement from = Placement.Whole, Placement to = Placement.Whole, bool sliced = false, int furtherSegments = 0)
    {
        var data = new RandomData((ulong)((rows * 1000) + (inputs * 10) + outputs));
        HostMatrix input = data.Matrix(rows, inputs, stack.Segments + furtherSegments);
        HostMatrix weight = data.Matrix(outputs, inputs, scale: 1 / Math.Sqrt(inputs));
        CheckLayer(input, weight, withBias ? data.Matrix(1, outputs) : null, activation, stack, from, to, sliced);
    }

    private void CheckLayer(
        HostMatrix input, HostMatrix weight, HostMatrix? bias, Activation activation, StackLayout stack,
        Placement from = Placement.Whole, Placement to = Placement.Whole, bool sliced = false)
    {
        // The same layer without activation gives the sums; with all operands replaced by magnitudes, their scales.
        double[] sums = On(Reference, w => Run(w, input, weight, bias, Activation.None, stack));
        double[] scales = On(
            Reference, w => Run(w, input.Magnitudes, weight.Magnitudes, bias?.Magnitudes, Activation.None, stack));
        // The slopes of ELU are below those of SELU, so the latter's bounds hold for both.
        double[] bounds = activation != Activation.None
            ? ErrorBound.OfSelu(Backend, stack, weight.Columns, sums, scales)
            : ErrorBound.Of(Backend, weight.Columns, scales);
        Compare("layer", w => Run(w, input, weight, bias, activation, stack, from, to, sliced), bounds);
    }
}
