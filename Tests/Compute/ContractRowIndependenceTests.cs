using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>
/// "Each row's result depends on that row alone, never on the number of rows": 100 rows at once and some of them alone must give
/// the same bits, or results would depend on batch size and thread count.
/// </summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public class ContractRowIndependenceTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private const int All = 100;

    // Leading rows; rows that move to another place within a panel; the last row alone.
    private static readonly (int First, int Count)[] Parts = [(0, 7), (61, 7), (99, 1), (5, 64)];

    private readonly StackLayout stack = new(2, 2, 2);

    [Test]
    public void Linear(
        [Values] Activation activation,
        [Values(3, 65, 256)] int inputs,
        [Values(2, 10, 33, 64)] int outputs)
    {
        var data = new RandomData(61);
        HostMatrix input = data.Matrix(All, inputs, stack.Segments);
        HostMatrix weight = data.Matrix(outputs, inputs), bias = data.Matrix(1, outputs);
        Check(outputs, (w, first, count) =>
        {
            Matrix output = w.Output(count, outputs, stack.Segments);
            w.Backend.Linear(w.Input(input.SliceRows(first, count)), w.Weight(weight), w.Weight(bias), activation, stack, output);
            return Workspace.Read(output);
        });
    }

    [Test]
    public void Linear_after_resizing([Values(1, 7, 33)] int count)
    {
        // The same matrices, resized to fewer rows: neither the result nor the stale rows may show.
        var data = new RandomData(62);
        HostMatrix input = data.Matrix(All, 65, stack.Segments), weight = data.Matrix(20, 65);
        using var w = new Workspace(Backend);
        Matrix x = w.Input(input), y = w.Output(All, 20, stack.Segments);
        ParameterView view = w.Weight(weight);
        Backend.Linear(x, view, null, Activation.Selu, stack, y);
        double[] whole = Workspace.Read(y);

        x.Resize(count);
        y.Resize(count);
        HostMatrix part = input.SliceRows(0, count);
        for (int s = 0; s < stack.Segments; s++)
        {
            x.Write<float>(part.Values.AsSpan(s * count * 65, count * 65), s);
        }

        Backend.Linear(x, view, null, Activation.Selu, stack, y);
        ErrorBound.CheckBits("fewer rows", Slice(whole, 20, 0, count), Workspace.Read(y));
    }

    [Test]
    public void LinearBackwardInput()
    {
        var data = new RandomData(63);
        HostMatrix dOutput = data.Matrix(All, 65), weight = data.Matrix(65, 33), activation = data.Matrix(All, 33);
        Check(33, (w, first, count) =>
        {
            Matrix dInput = w.Output(count, 33);
            w.Backend.LinearBackwardInput(
                w.Input(dOutput.SliceRows(first, count)), w.Weight(weight), w.Input(activation.SliceRows(first, count)),
                GradientMode.Overwrite, dInput);
            return Workspace.Read(dInput);
        });
    }

    [Test]
    public void ExpandConditions([Values(1, 20, 64)] int columns, [Values] bool sharedTime)
    {
        var data = new RandomData(64);
        HostMatrix shared = data.Matrix(All, columns, 1 + stack.Probes), conditions = data.Matrix(stack.PrimalSegments, columns);
        HostMatrix times = data.Matrix(sharedTime ? 1 : All, columns);
        Check(columns, (w, first, count) =>
        {
            // With one row per sample, a single sample's time row is one row too: both readings agree.
            Matrix timeRows = w.Input(sharedTime ? times : times.SliceRows(first, count));
            Matrix output = w.Output(count, columns, stack.Segments);
            w.Backend.ExpandConditions(w.Input(shared.SliceRows(first, count)), w.Input(conditions), timeRows, stack, output);
            return Workspace.Read(output);
        });
    }

    [Test]
    public void LogDensityRates(
        [Values(1, 20, 64)] int columns,
        [Values] DivergenceReduction reduction)
    {
        var data = new RandomData(65);
        HostMatrix velocity = data.Matrix(All, columns, stack.Segments), scores = data.Matrix(All, columns, 2);
        HostMatrix field = data.Matrix(All, columns), probes = data.Matrix(All, columns, stack.Probes);
        Check(1, (w, first, count) =>
        {
            Accumulator rates = w.Sums(count, reduction == DivergenceReduction.Sum ? 2 : 4);
            w.Backend.LogDensityRates(
                w.Input(velocity.SliceRows(first, count)), stack, w.Input(scores.SliceRows(first, count)), [0, 1],
                w.Input(field.SliceRows(first, count)), w.Input(probes.SliceRows(first, count)),
                reduction, GradientMode.Overwrite, rates);
            return Workspace.Read(rates);
        });
    }

    [Test]
    public void FillProbes([Values] ProbeDistribution distribution)
    {
        var sequence = new ProbeSequence(distribution, 66);
        Check(21, (w, first, count) =>
        {
            Matrix probes = w.Output(count, 21, 2);
            int[] rows = [.. Enumerable.Range(first, count)];
            w.Backend.FillProbes(sequence, w.Indices(rows), w.Indices([.. rows.Select(row => row % 5)]), probes);
            return Workspace.Read(probes);
        });
    }

    private static double[] Slice(double[] all, int columns, int first, int count)
    {
        int length = All * columns;
        return [.. Enumerable.Range(0, all.Length / length).SelectMany(
            s => all.Skip((s * length) + (first * columns)).Take(count * columns))];
    }

    private void Check(int columns, Func<Workspace, int, int, double[]> run)
    {
        double[] all = On(Backend, w => run(w, 0, All));
        foreach ((int first, int count) in Parts)
        {
            double[] some = On(Backend, w => run(w, first, count));
            ErrorBound.CheckBits($"{count} rows from {first} alone", Slice(all, columns, first, count), some);
        }
    }
}
