using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Gradients of a layer with respect to its input and its parameters.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public class ContractLinearBackwardTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private static readonly (int Inputs, int Outputs)[] Shapes = [(1, 1), (3, 2), (7, 10), (13, 20), (65, 64), (20, 7)];

    [Test]
    [Covers(nameof(ComputeBackend.LinearBackwardInput))]
    public void Input_gradient_agrees_for_every_shape(
        [Values(1, 7, 32, 33, 100, 257)] int rows,
        [ValueSource(nameof(Shapes))] (int Inputs, int Outputs) shape)
    {
        CheckInput(rows, shape.Inputs, shape.Outputs, behindSelu: true, GradientMode.Overwrite);
    }

    [TestCase(false, GradientMode.Overwrite)]
    [TestCase(false, GradientMode.Accumulate)]
    [TestCase(true, GradientMode.Overwrite)]
    public void Input_gradient_agrees_in_every_mode(bool behindSelu, GradientMode mode) =>
        CheckInput(33, 13, 20, behindSelu, mode);

    [Test]
    public void Input_gradient_agrees_wherever_operands_lie(
        [Values] Placement from, [Values] Placement to, [Values] bool sliced, [Values] GradientMode mode)
    {
        CheckInput(33, 13, 20, behindSelu: mode == GradientMode.Overwrite, mode, from, to, sliced);
    }

    [Test]
    public void Gradients_agree_at_the_width_of_a_real_head()
    {
        CheckInput(64, 512, 520, behindSelu: true, GradientMode.Overwrite);
        CheckWeights(64, 512, 520, withBias: true, GradientMode.Accumulate);
    }

    [Test]
    [Covers(nameof(ComputeBackend.LinearBackwardWeights))]
    public void Parameter_gradients_agree_for_every_shape(
        [Values(1, 7, 32, 33, 100, 257)] int rows,
        [ValueSource(nameof(Shapes))] (int Inputs, int Outputs) shape)
    {
        CheckWeights(rows, shape.Inputs, shape.Outputs, withBias: true, GradientMode.Overwrite);
    }

    [Test]
    public void Parameter_gradients_agree_for_long_batches(
        [Values(512, 513, 1100)] int rows, [Values] GradientMode mode, [Values] bool withBias)
    {
        CheckWeights(rows, 22, 15, withBias, mode);
    }

    [Test]
    public void Parameter_gradients_ignore_what_lies_behind_the_last_row()
    {
        var data = new RandomData(5);
        HostMatrix dOutput = data.Matrix(37, 20), input = data.Matrix(37, 13);
        double[] Run(Workspace w, bool poisoned)
        {
            Matrix dY = w.Output(64, 20), x = w.Output(64, 13);
            if (poisoned)
            {
                dY.Write<float>(Enumerable.Repeat(float.NaN, 64 * 20).ToArray());
                x.Write<float>(Enumerable.Repeat(float.PositiveInfinity, 64 * 13).ToArray());
            }

            dY.Resize(37);
            x.Resize(37);
            dY.Write<float>(dOutput.Values);
            x.Write<float>(input.Values);
            ParameterView dWeight = w.Weight(new HostMatrix(1, 20, 13, new float[20 * 13]));
            ParameterView dBias = w.Weight(new HostMatrix(1, 1, 20, new float[20]));
            w.Backend.LinearBackwardWeights(dY, x, GradientMode.Overwrite, dWeight, dBias);
            return [.. Workspace.Read(dWeight), .. Workspace.Read(dBias)];
        }

        ErrorBound.CheckBits("poisoned", On(Backend, w => Run(w, false)), On(Backend, w => Run(w, true)));
    }

    [Test]
    [Covers(nameof(ComputeBackend.LinearBackward))]
    public void Both_products_at_once_are_the_two_products(
        [Values(1, 33, 600)] int rows,
        [ValueSource(nameof(Shapes))] (int Inputs, int Outputs) shape,
        [Values(Activation.None, Activation.Selu)] Activation activation)
    {
        var data = new RandomData(11);
        HostMatrix dOutput = data.Matrix(rows, shape.Outputs), weight = data.Matrix(shape.Outputs, shape.Inputs);
        HostMatrix input = data.Matrix(rows, shape.Inputs);
        double[] Run(Workspace w, bool atOnce)
        {
            Matrix dY = w.Input(dOutput), x = w.Input(input), dX = w.Output(rows, shape.Inputs);
            ParameterView own = w.Weight(weight), dWeight = w.Weight(weight), dBias = w.Weight(data.Matrix(1, shape.Outputs));
            if (atOnce)
            {
                w.Backend.LinearBackward(dY, own, x, activation, dWeight, dBias, dX);
            }
            else
            {
                w.Backend.LinearBackwardWeights(dY, x, GradientMode.Overwrite, dWeight, dBias);
                w.Backend.LinearBackwardInput(dY, own, activation == Activation.None ? null : x, GradientMode.Overwrite, dX);
            }

            return [.. Workspace.Read(dX), .. Workspace.Read(dWeight), .. Workspace.Read(dBias)];
        }

        ErrorBound.CheckBits("at once", On(Backend, w => Run(w, false)), On(Backend, w => Run(w, true)));
    }

    [Test]
    public void Parameter_gradients_agree_in_every_mode_and_place(
        [Values] GradientMode mode, [Values] bool withBias, [Values] Placement placement, [Values] bool sliced)
    {
        CheckWeights(33, 13, 20, withBias, mode, placement, sliced);
    }

    [Test]
    public void Parameter_gradients_repeat_bit_by_bit()
    {
        // Sums over rows may be split among threads; the split must not depend on which thread comes first.
        var data = new RandomData(3);
        HostMatrix dOutput = data.Matrix(257, 20), input = data.Matrix(257, 65);
        double[] Run(Workspace w)
        {
            ParameterView dWeight = w.Weight(new HostMatrix(1, 20, 65, new float[20 * 65]));
            w.Backend.LinearBackwardWeights(w.Input(dOutput), w.Input(input), GradientMode.Overwrite, dWeight, null);
            return Workspace.Read(dWeight);
        }

        double[] first = On(Backend, Run);
        for (int repeat = 0; repeat < 5; repeat++)
        {
            ErrorBound.CheckBits($"repeat {repeat}", first, On(Backend, Run));
        }
    }

    private void CheckInput(
        int rows, int inputs, int outputs, bool behindSelu, GradientMode mode,
        Placement from = Placement.Whole, Placement to = Placement.Whole, bool sliced = false)
    {
        var data = new RandomData((ulong)((rows * 1000) + (inputs * 10) + outputs));
        HostMatrix dOutput = data.Matrix(rows, outputs);
        HostMatrix weight = data.Matrix(outputs, inputs);
        HostMatrix old = data.Matrix(rows, inputs);

        // Outputs of SELU, some of them at zero and some saturated at -lambda alpha, where the slope is 0 in exact arithmetic.
        HostMatrix? activation = behindSelu
            ? data.Matrix(rows, inputs, scale: 20).Map(x => (float)Selu.Value(Math.Abs(x) < 1 ? 0 : x))
            : null;
        double[] Run(Workspace w, HostMatrix dy, HostMatrix wt, HostMatrix? a, HostMatrix dx)
        {
            Matrix dInput = mode == GradientMode.Accumulate ? w.Input(dx, to) : w.Output(rows, inputs, 1, to);
            Matrix? output = a is null ? null : w.Input(a, from);
            w.Backend.LinearBackwardInput(w.Input(dy, from), w.Weight(wt, sliced), output, mode, dInput);
            return Workspace.Read(dInput);
        }

        // Slopes are at most lambda alpha and rounded as such, so the scale is that of the plain product times lambda alpha.
        double[] scales = On(Reference, w => Run(w, dOutput.Magnitudes, weight.Magnitudes, null, old.Magnitudes));
        double slope = behindSelu ? Selu.ScaleAlpha : 1;
        Compare(
            "dInput",
            w => Run(w, dOutput, weight, activation, old),
            ErrorBound.Of(Backend, outputs, scales.Select(scale => slope * scale)));
    }

    private void CheckWeights(
        int rows, int inputs, int outputs, bool withBias, GradientMode mode,
        Placement placement = Placement.Whole, bool sliced = false)
    {
        var data = new RandomData((ulong)((rows * 1000) + (inputs * 10) + outputs));
        HostMatrix dOutput = data.Matrix(rows, outputs);
        HostMatrix input = data.Matrix(rows, inputs);
        HostMatrix oldWeight = data.Matrix(outputs, inputs);
        HostMatrix oldBias = data.Matrix(1, outputs);
        if (mode == GradientMode.Overwrite)
        {
            oldWeight = oldWeight.Map(_ => float.NaN);
            oldBias = oldBias.Map(_ => float.NaN);
        }

        double[] Run(Workspace w, HostMatrix dy, HostMatrix x, HostMatrix dw, HostMatrix db)
        {
            ParameterView dWeight = w.Weight(dw, sliced), dBias = w.Weight(db);
            w.Backend.LinearBackwardWeights(
                w.Input(dy, placement), w.Input(x, placement), mode, dWeight, withBias ? dBias : null);
            double[] around = Workspace.Read(dWeight.Buffer);
            Assert.That(
                around.Count(value => !double.IsNaN(value)), Is.EqualTo(inputs * outputs), "elements beside the view were written");
            return [.. Workspace.Read(dWeight), .. withBias ? Workspace.Read(dBias) : []];
        }

        double[] scales = On(
            Reference, w => Run(w, dOutput.Magnitudes, input.Magnitudes, oldWeight.Magnitudes, oldBias.Magnitudes));
        Compare("dWeight and dBias", w => Run(w, dOutput, input, oldWeight, oldBias), ErrorBound.Of(Backend, rows, scales));
    }
}
