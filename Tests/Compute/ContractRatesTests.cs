using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Rates of log densities along a trajectory, and the log density at its source.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractRatesTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private const double Old = 0.75;

    private static readonly StackLayout[] Stacks =
        [new(1, 1, 1), new(2, 2, 1), new(3, 2, 2), new(2, 2, 3), new(3, 3, 3), new(2, 1, 2), new(2, 2, 0)];

    [Test]
    [Covers(nameof(ComputeBackend.LogDensityRates))]
    public void Rates_agree_for_every_shape(
        [Values(1, 7, 32, 33, 100, 257)] int rows, [Values(1, 2, 10, 20, 64)] int columns)
    {
        Check(rows, columns, new StackLayout(3, 2, 2), [1, 0], DivergenceReduction.PerProbe, GradientMode.Overwrite);
    }

    [Test]
    public void Rates_agree_for_every_stack(
        [ValueSource(nameof(Stacks))] StackLayout stack,
        [Values] DivergenceReduction reduction,
        [Values] GradientMode mode,
        [Values] bool scores)
    {
        // Scores in the reverse order of the conditions; the middle condition of three has none.
        int[] segments = [.. Enumerable.Range(0, stack.TangentConditions).Select(
            c => !scores || c == 1 && stack.TangentConditions == 3 ? -1 : stack.TangentConditions - 1 - c)];
        Check(33, 20, stack, segments, reduction, mode);
    }

    [Test]
    public void Rates_agree_wherever_operands_lie([Values] Placement placement, [Values] DivergenceReduction reduction) =>
        Check(33, 20, new StackLayout(2, 2, 2), [0, 1], reduction, GradientMode.Overwrite, placement);

    [Test]
    public void A_known_part_of_the_divergence_counts_once_in_every_rate(
        [ValueSource(nameof(Stacks))] StackLayout stack, [Values] DivergenceReduction reduction, [Values] GradientMode mode) =>
        Check(33, 20, stack, [.. Enumerable.Repeat(-1, stack.TangentConditions)], reduction, mode, isPartKnown: true);

    [Test]
    public void Rates_are_summed_in_double_precision()
    {
        // 4,000 terms: float sums would be off by up to 4,000 roundings, the bound grants a fixed few.
        Check(2, 4000, new StackLayout(2, 2, 1), [0, 1], DivergenceReduction.Sum, GradientMode.Overwrite);
    }

    [Test]
    [Covers(nameof(ComputeBackend.StandardNormalLogDensity))]
    public void Standard_normal_log_density_agrees(
        [Values(1, 7, 33, 257)] int rows, [Values(1, 10, 64, 4000)] int columns, [Values] Placement placement)
    {
        HostMatrix points = new RandomData(21).Matrix(rows, columns, scale: 3);
        double[] Run(Workspace w)
        {
            Accumulator result = w.Sums(rows);
            w.Backend.StandardNormalLogDensity(w.Input(points, placement), result);
            return Workspace.Read(result);
        }

        // All terms of -x^2/2 - d log(2 pi)/2 have one sign, so the result is its own scale; the sum is in float64.
        double[] scales = [.. On(Reference, Run).Select(Math.Abs)];
        Compare("log density", Run, ErrorBound.Of(Backend, 1, scales));
    }

    private void Check(
        int rows, int columns, StackLayout stack, int[] scoreSegments, DivergenceReduction reduction, GradientMode mode,
        Placement placement = Placement.Whole, bool isPartKnown = false)
    {
        var data = new RandomData((ulong)((rows * 100_000) + columns));
        HostMatrix velocity = data.Matrix(rows, columns, stack.Segments);
        HostMatrix field = data.Matrix(rows, columns);
        HostMatrix probes = data.Matrix(rows, columns, Math.Max(1, stack.Probes));
        bool anyScore = scoreSegments.Any(segment => segment >= 0);
        HostMatrix scores = data.Matrix(rows, columns, stack.TangentConditions);

        // One series more than is needed: it must keep its old value.
        int used = reduction == DivergenceReduction.Sum ? stack.TangentConditions : stack.TangentSegments;
        double[] scales = new double[(used + 1) * rows];
        for (int i = 0; i < scales.Length; i++)
        {
            (int series, int r) = (i / rows, i % rows);
            int c = series % stack.TangentConditions;
            int[] tangents = reduction == DivergenceReduction.Sum
                ? [.. Enumerable.Range(0, stack.Probes)]
                : [series / stack.TangentConditions];
            scales[i] = series == used ? 0 : Old + Known(c, r) + Enumerable.Range(0, columns).Sum(
                j => Score(c, r, j) + tangents.Sum(
                    k => Math.Abs((double)probes[k, r, j] * velocity[stack.TangentOf(c, k), r, j])));
        }

        double Score(int c, int r, int j) => scoreSegments[c] < 0
            ? 0
            : (Math.Abs(field[0, r, j]) + Math.Abs(velocity[c, r, j])) * Math.Abs((double)scores[scoreSegments[c], r, j]);

        double Known(int c, int r) => isPartKnown ? 1 + c + (0.01 * r) : 0;

        double[] Run(Workspace w)
        {
            Accumulator rates = w.Sums(rows, used + 1, (_, _) => Old);
            w.Backend.LogDensityRates(
                w.Input(velocity, placement), stack, anyScore ? w.Input(scores, placement) : null, scoreSegments,
                w.Input(field, placement), w.Input(probes, placement), reduction, mode, rates,
                isPartKnown ? w.Sums(rows, stack.TangentConditions, Known) : null);
            return Workspace.Read(rates);
        }

        // Differences and products may be rounded to the storage precision; the sums are in float64, so terms count as one.
        Compare("rates", Run, ErrorBound.Of(Backend, 1, scales));
    }
}
