using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>The vector operations of a Runge-Kutta step.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractStepTests(Func<ComputeBackend> create) : BackendContract(create)
{
    [Test]
    [Covers(nameof(ComputeBackend.MixVelocities))]
    public void Mixed_velocities_agree(
        [Values(1, 7, 32, 33, 100, 257)] int rows, [Values(1, 10, 64)] int columns, [Values] Placement placement)
    {
        // Four segments, of which three have weights, one of them zero: its NaN must be skipped, not multiplied.
        double[] weights = [0.5, 0, -1.25];
        HostMatrix velocity = new RandomData(31).Matrix(rows, columns, 4);
        Array.Fill(velocity.Values, float.NaN, rows * columns, rows * columns);
        double[] Run(Workspace w)
        {
            Matrix field = w.Output(rows, columns, 1, placement);
            w.Backend.MixVelocities(w.Input(velocity, placement), weights, field);
            return Workspace.Read(field);
        }

        double[] scales = Grid(
            rows, columns, (r, j) => (0.5 * Math.Abs(velocity[0, r, j])) + (1.25 * Math.Abs(velocity[2, r, j])));
        Compare("field", Run, ErrorBound.Of(Backend, 2, scales));
    }

    [Test]
    [Covers(nameof(ComputeBackend.Combine))]
    public void Combined_stages_agree(
        [Values(1, 33, 257)] int rows, [Values(1, 20, 64)] int columns, [Values] Placement placement, [Values] bool inPlace)
    {
        // Three coefficients, one of them zero, for four derivatives.
        double[] coefficients = [0.1, 0, -0.3];
        var data = new RandomData(32);
        HostMatrix x = data.Matrix(rows, columns);
        HostMatrix[] derivatives = [.. Enumerable.Range(0, 4).Select(_ => data.Matrix(rows, columns))];
        Array.Fill(derivatives[1].Values, float.NaN);
        double[] Run(Workspace w)
        {
            Matrix start = w.Input(x, placement);
            Matrix output = inPlace ? start : w.Output(rows, columns, 1, placement);
            w.Backend.Combine(start, [.. derivatives.Select(k => w.Input(k, placement))], coefficients, output);
            return Workspace.Read(output);
        }

        double[] scales = Grid(
            rows,
            columns,
            (r, j) => Math.Abs(x[0, r, j]) + (0.1 * Math.Abs(derivatives[0][0, r, j])) + (0.3 * Math.Abs(derivatives[2][0, r, j])));
        Compare("stage", Run, ErrorBound.Of(Backend, 3, scales));
    }

    [Test]
    public void Combining_nothing_copies()
    {
        HostMatrix x = new RandomData(33).Matrix(33, 20);
        CompareExactly(
            "copy",
            w =>
            {
                Matrix output = w.Output(33, 20);
                w.Backend.Combine(w.Input(x), [], [], output);
                return Workspace.Read(output);
            });
    }

    [Test]
    [Covers(nameof(ComputeBackend.AddScaled))]
    public void Scaled_rates_are_added_in_double_precision([Values(1, 33, 257)] int rows, [Values(1, 4)] int series)
    {
        const double weight = 1.0 / 3;
        double Rate(int s, int r) => Math.Sin((17 * s) + r);
        double Total(int s, int r) => 100 * Math.Cos((13 * s) + r);
        double[] Run(Workspace w)
        {
            Accumulator total = w.Sums(rows, series, Total);
            w.Backend.AddScaled(w.Sums(rows, series, Rate), weight, total);
            return Workspace.Read(total);
        }

        double[] bounds = Grid(
            series,
            rows,
            (s, r) => ErrorBound.Of(ErrorBound.DoubleRoundoff, 2, (weight * Math.Abs(Rate(s, r))) + Math.Abs(Total(s, r))));
        Compare("totals", Run, bounds);
    }

    [Test]
    [Covers(nameof(ComputeBackend.MarkNonFinite))]
    public void Non_finite_rows_are_marked_once([Values(33, 257)] int rows, [Values] Placement placement)
    {
        HostMatrix points = new RandomData(34).Matrix(rows, 10);
        points.Values[(3 * 10) + 9] = float.NaN;
        points.Values[4 * 10] = float.PositiveInfinity;
        points.Values[(5 * 10) + 5] = float.NegativeInfinity;
        points.Values[6 * 10] = float.MaxValue;
        points.Values[(rows * 10) - 1] = float.NaN;
        double Total(int s, int r) => (s, r) switch
        {
            (0, 10) => double.NaN,
            (2, 11) => double.NegativeInfinity,
            _ => double.MaxValue,
        };
        int[] status = new int[rows];
        status[5] = 2;
        int[] Run(Workspace w)
        {
            IndexBuffer marks = w.Indices(status);
            w.Backend.MarkNonFinite(w.Input(points, placement), w.Sums(rows, 3, Total), 7, marks);
            return Workspace.Read(marks);
        }

        CompareExactly("status", Run);
        int[] expected = new int[rows];
        expected[3] = expected[4] = expected[10] = expected[11] = expected[^1] = 7;
        expected[5] = 2;
        Assert.That(On(Backend, Run), Is.EqualTo(expected));
    }

    private static double[] Grid(int rows, int columns, Func<int, int, double> element) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => element(i / columns, i % columns))];
}
