using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Batches, loss and quadrature of time scores.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractTimeScoreTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private const ulong Seed = 0xFEDC_BA98_7654_3210;

    private static readonly TimeScorePath[] Paths =
    [
        TimeScorePath.OneSided,
        TimeScorePath.TwoSided(0.5) with { Factor = 2 },
        TimeScorePath.TwoSided() with { Weighting = TimeScoreWeighting.PathVariance },
        TimeScorePath.OneSided with { Weighting = TimeScoreWeighting.Uniform },
    ];

    /// <summary>What a batch holds beside points and weights.</summary>
    public enum Wanted
    {
        /// <summary>No targets.</summary>
        Nothing,

        /// <summary>Targets summed over coordinates.</summary>
        Sum,

        /// <summary>Targets per coordinate.</summary>
        Coordinates,
    }

    [Test]
    [Covers(nameof(ComputeBackend.SampleTimeScorePath))]
    public void Path_samples_agree(
        [ValueSource(nameof(Paths))] TimeScorePath path,
        [Values] Wanted wanted,
        [Values(1, 7, 33, 257)] int rows,
        [Values(1, 2, 10, 21)] int columns)
    {
        CheckSamples(path, wanted, rows, columns, 7, Placement.Whole);
    }

    [Test]
    public void Path_samples_agree_wherever_operands_lie([Values] Placement placement, [Values(0L, 5_000_000_000L)] long step) =>
        CheckSamples(TimeScorePath.TwoSided(0.5), Wanted.Coordinates, 33, 10, step, placement);

    [Test]
    [Covers(nameof(ComputeBackend.TimeScoreLoss))]
    public void Loss_and_gradient_agree([Values(1, 7, 32, 33, 257)] int rows, [Values] Placement placement)
    {
        var data = new RandomData(71);
        HostMatrix output = data.Matrix(rows, 1, 4), weight = data.Matrix(rows, 1), slope = data.Matrix(rows, 1);
        const double atSource = 0.7, atTarget = 1.3;
        double[] Run(Workspace w)
        {
            // The loss goes to the middle one of three series; the others must keep their value.
            Accumulator loss = w.Sums(1, 3, (_, _) => 0.5);
            Matrix gradient = w.Output(rows, 1, 4, placement);
            w.Backend.TimeScoreLoss(
                w.Input(output, placement), w.Input(weight, placement), w.Input(slope, placement), atSource, atTarget, 1, loss, gradient);
            return [.. Workspace.Read(loss), .. Workspace.Read(gradient)];
        }

        // Terms may be rounded before they are added in float64, so the number of terms does not enter.
        double lossScale = 0;
        double[] gradients = new double[4 * rows];
        for (int r = 0; r < rows; r++)
        {
            double s = Math.Abs(output[0, r, 0]), l = Math.Abs(weight[0, r, 0]), ds = Math.Abs(slope[0, r, 0]);
            lossScale += (2 * atSource * Math.Abs(output[1, r, 0])) + (2 * atTarget * Math.Abs(output[2, r, 0]))
                + (2 * l * Math.Abs(output[3, r, 0])) + (2 * ds * s) + (l * s * s);
            gradients[r] = 2 * (ds + (l * s)) / rows;
            gradients[rows + r] = 2 * atSource / rows;
            gradients[(2 * rows) + r] = 2 * atTarget / rows;
            gradients[(3 * rows) + r] = 2 * l / rows;
        }

        Compare("loss and gradient", Run, ErrorBound.Of(Backend, 1, [0, lossScale / rows, 0, .. gradients]));
    }

    [Test]
    [Covers(nameof(ComputeBackend.AddRowSums))]
    public void Row_sums_agree([Values(1, 7, 33, 257)] int rows, [Values(1, 2, 40)] int columns, [Values] Placement placement)
    {
        HostMatrix values = new RandomData(72).Matrix(rows, columns);
        double[] Run(Workspace w)
        {
            Accumulator total = w.Sums(rows, 3, (s, r) => s + r);
            w.Backend.AddRowSums(w.Input(values, placement), -0.37, 1, total);
            return Workspace.Read(total);
        }

        // Everything is float64, up to rounding in another order.
        double[] bounds = [.. Enumerable.Range(0, 3 * rows).Select(i => i / rows == 1
            ? ErrorBound.Of(ErrorBound.DoubleRoundoff, columns, 1 + (i % rows) + Enumerable.Range(0, columns).Sum(j => Math.Abs(values[0, i % rows, j])))
            : 0)];
        Compare("totals", Run, bounds);
    }

    [Test]
    public void Targets_need_the_objective_weight_and_a_fitting_shape()
    {
        using var w = new Workspace(Backend);
        TimeScorePath uniform = TimeScorePath.TwoSided() with { Weighting = TimeScoreWeighting.Uniform };
        Matrix ends = w.Input(new RandomData(73).Matrix(4, 3));
        Assert.That(
            () => Backend.SampleTimeScorePath(uniform, ends, ends, 1, 0, Batch(w, 4, 3, w.Output(4, 1))),
            Throws.ArgumentException.With.Message.Contains("Uniform"));
        Assert.That(
            () => Backend.SampleTimeScorePath(TimeScorePath.OneSided, ends, ends, 1, 0, Batch(w, 4, 3, w.Output(4, 2))),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("Target"));
        Assert.That(
            () => Backend.SampleTimeScorePath(TimeScorePath.OneSided, ends, ends, 1, 0, Batch(w, 5, 3, null)),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("Points"));
        Assert.That(
            () => Backend.SampleTimeScorePath(TimeScorePath.OneSided, w.Output(3, 3), ends, 1, 0, Batch(w, 4, 3, null)),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("source"));
    }

    private static TimeScoreBatch Batch(Workspace w, int rows, int columns, Matrix? target, Placement placement = Placement.Whole) => new(
        w.Output(rows, columns, 1, placement), w.Output(rows, 1, 1, placement), w.Output(rows, 1), w.Output(rows, 1), w.Output(rows, 1), target);

    private void CheckSamples(TimeScorePath path, Wanted wanted, int rows, int columns, long step, Placement placement)
    {
        if (path.Weighting != TimeScoreWeighting.ObjectiveVariance)
        {
            wanted = Wanted.Nothing;
        }

        var data = new RandomData(74);
        HostMatrix source = data.Matrix(rows, columns), target = data.Matrix(rows, columns);
        int width = wanted switch { Wanted.Nothing => 0, Wanted.Sum => 1, _ => columns };
        double[] Run(Workspace w)
        {
            TimeScoreBatch batch = Batch(w, rows, columns, width == 0 ? null : w.Output(rows, width, 1, placement), placement);
            w.Backend.SampleTimeScorePath(path, w.Input(source, placement), w.Input(target, placement), Seed, step, batch);
            IEnumerable<Matrix> all = [batch.Times, batch.Weight, batch.WeightSlope, batch.RootWeight, batch.Points];
            return [.. (batch.Target is null ? all : all.Append(batch.Target)).SelectMany(Workspace.Read)];
        }

        // Coefficients are evaluated in float64 at the unrounded time; deviates and results may be rounded.
        List<double> times = [], weights = [], slopes = [], roots = [], points = [], targets = [];
        for (int r = 0; r < rows; r++)
        {
            double t = PathSampler.Time(path, Seed, step, r);
            times.Add(t);
            weights.Add(path.Weight(t));
            slopes.Add(Math.Abs(path.WeightSlope(t)));
            roots.Add(Math.Sqrt(path.Weight(t)));
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                double x0 = path.IsTwoSided ? Math.Abs(source[0, r, j]) : 0, x1 = Math.Abs(target[0, r, j]);
                double noise = Math.Abs(PathSampler.Noise(Seed, step, r, j >> 2).Normal(j & 3));

                // A deviate near zero is a cosine near zero, which float arithmetic gets right only to its roundoff: hence the 7,
                // which exceeds the largest radius of Box and Muller.
                double deviate = noise + (noise < 1 ? 7 : 0);
                points.Add((path.SourceCoefficient(t) * x0) + (t * x1) + (Math.Sqrt(path.NoiseVariance(t)) * deviate));
                double scale = (Math.Abs(path.NoiseTarget(t)) * ((deviate * deviate) + 1)) + (path.DisplacementTarget(t) * deviate * (x0 + x1));
                sum += scale;
                if (width == columns)
                {
                    targets.Add(scale);
                }
            }

            if (width == 1 && columns > 1)
            {
                targets.Add(sum);
            }
        }

        int terms = width == 1 ? columns : 1;
        Compare(
            "path samples",
            Run,
            [
                .. ErrorBound.Of(Backend, 2, [.. times, .. weights, .. slopes, .. roots, .. points]),
                .. ErrorBound.Of(Backend, 2 + terms, targets),
            ]);
    }
}
