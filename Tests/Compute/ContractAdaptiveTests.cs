using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Operations with a step, a time or a destination per row.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractAdaptiveTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private const int All = 100;
    private static readonly double[] Coefficients = [0.4, 0, -0.7];

    // Leading rows; rows that move to another place within a panel; the last row alone.
    private static readonly (int First, int Count)[] Parts = [(0, 7), (61, 7), (99, 1), (5, 64)];

    private static readonly PathSchedule[] Schedules =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5)];

    [Test]
    [Covers(nameof(ComputeBackend.CombineRows))]
    public void Combined_rows_agree(
        [Values(1, 33, 257)] int rows, [Values(1, 20, 64)] int columns, [Values] Placement placement, [Values] bool inPlace)
    {
        // Three coefficients, one of them zero, for four derivatives.
        (HostMatrix x, HostMatrix[] derivatives) = Operands(81, rows, columns);
        Array.Fill(derivatives[1].Values, float.NaN);
        double[] Run(Workspace w)
        {
            Matrix start = w.Input(x, placement);
            Matrix output = inPlace ? start : w.Output(rows, columns, 1, placement);
            w.Backend.CombineRows(
                start, [.. derivatives.Select(k => w.Input(k, placement))], Coefficients, w.Sums(rows, 1, (_, r) => Step(r)), output);
            return Workspace.Read(output);
        }

        double[] scales = Grid(rows, columns, (r, j) => Math.Abs(x[0, r, j]) + (Math.Abs(Step(r)) * Magnitude(derivatives, r, j)));
        Compare("stage", Run, ErrorBound.Of(Backend, 3, scales));
    }

    [Test]
    public void Combined_rows_without_coefficients_are_copies() => CheckCopies(w => w.Sums(33, 1, (_, r) => Step(r)));

    [Test]
    public void Steps_are_not_read_without_coefficients() => CheckCopies(w => w.Sums(33));

    [Test]
    [Covers(nameof(ComputeBackend.ErrorNorms))]
    public void Error_norms_agree([Values(1, 33, 257)] int rows, [Values(1, 20, 64)] int columns, [Values] Placement placement)
    {
        const double absolute = 1e-3, relative = 1e-2;
        (HostMatrix x, HostMatrix[] derivatives) = Operands(83, rows, columns);
        HostMatrix next = new RandomData(84).Matrix(rows, columns, 1, 2);
        double[] Run(Workspace w)
        {
            Accumulator norms = w.Sums(rows);
            w.Backend.ErrorNorms(
                w.Input(x, placement), w.Input(next, placement), [.. derivatives.Select(k => w.Input(k, placement))], Coefficients,
                w.Sums(rows, 1, (_, r) => Step(r)), absolute, relative, norms);
            return Workspace.Read(norms);
        }

        // The triangle inequality of the norm: roundings of the terms move it by no more than the norm of those roundings.
        double[] scales = [.. Enumerable.Range(0, rows).Select(r => Math.Abs(Step(r)) * Math.Sqrt(
            Enumerable.Range(0, columns).Average(j => Math.Pow(
                Magnitude(derivatives, r, j)
                    / (absolute + (relative * Math.Max(Math.Abs(x[0, r, j]), Math.Abs(next[0, r, j])))),
                2))))];
        Compare("norms", Run, ErrorBound.Of(Backend, 3, scales));
    }

    [Test]
    public void Error_norm_of_a_spoiled_row_is_not_a_number_and_of_no_other([Values(0, 31, 32, 99)] int spoiled)
    {
        (HostMatrix x, HostMatrix[] derivatives) = Operands(85, All, 10);
        derivatives[2].Values[(spoiled * 10) + 9] = float.NaN;
        double[] norms = On(Backend, w => Norms(w, x, derivatives, 0, All));
        Assert.That(
            Enumerable.Range(0, All).Where(r => double.IsNaN(norms[r])), Is.EqualTo(new[] { spoiled }),
            "only then is the step rejected, and only there");
    }

    [Test]
    [Covers(nameof(ComputeBackend.AddScaledRows))]
    public void Scaled_rows_are_added_at_their_slots([Values(1, 33, 257)] int rows, [Values(1, 4)] int series)
    {
        const double factor = -1.0 / 3;
        int slots = (rows / 2) + 3;
        int[] slot = new RandomData(86).Integers(rows, 0, slots - 1);

        // Every fifth row has weight 0 and rates that must be skipped, not multiplied; the last slot is named by nobody.
        double Rate(int s, int r) => r % 5 == 4 ? double.NaN : Math.Sin((17 * s) + r);
        double Weight(int r) => r % 5 == 4 ? 0 : Math.Cos(r);
        double Total(int s, int r) => 10 * Math.Cos((13 * s) + r);
        double[] Run(Workspace w)
        {
            Accumulator total = w.Sums(slots, series, Total);
            w.Backend.AddScaledRows(
                w.Sums(rows, series, Rate), w.Sums(rows, 1, (_, r) => Weight(r)), factor, w.Indices(slot), total);
            return Workspace.Read(total);
        }

        double[] scales = Grid(series, slots, (s, i) => Math.Abs(Total(s, i)) + Enumerable.Range(0, rows)
            .Where(r => slot[r] == i && r % 5 != 4).Sum(r => Math.Abs(factor * Weight(r) * Rate(s, r))));
        Compare("totals", Run, [.. scales.Select(scale => ErrorBound.Of(ErrorBound.DoubleRoundoff, rows, scale))]);
        double[] totals = On(Backend, Run);
        Assert.That(totals[slots - 1], Is.EqualTo(Total(0, slots - 1)), "a slot without rows keeps its bits");
    }

    [Test]
    [Covers(nameof(ComputeBackend.StoreRows))]
    public void Stored_rows_are_copies_and_the_others_stay(
        [Values(1, 33, 100)] int rows, [Values(1, 20, 64)] int columns, [Values] Placement placement)
    {
        int height = rows + 40;
        int[] destinations = Destinations(rows, height);
        var data = new RandomData(87);
        HostMatrix source = data.Matrix(rows, columns), old = data.Matrix(height, columns);
        double[] Run(Workspace w)
        {
            Matrix destination = w.Input(old, placement);
            w.Backend.StoreRows(w.Input(source, placement), w.Indices(destinations), destination);
            return Workspace.Read(destination);
        }

        double[] expected = Grid(height, columns, (r, j) =>
            Array.IndexOf(destinations, r) is >= 0 and int from ? source[0, from, j] : old[0, r, j]);
        Assert.That(On(Backend, Run), Is.EqualTo(expected));
    }

    [Test]
    [Covers(nameof(ComputeBackend.StoreSums))]
    public void Stored_sums_are_copies_and_the_others_stay([Values(1, 33, 100)] int rows, [Values(1, 3)] int series)
    {
        int height = rows + 40;
        int[] destinations = Destinations(rows, height);
        double Source(int s, int r) => Math.Sqrt(2 + (7 * s) + r);
        double Old(int s, int r) => -Math.Sqrt(3 + (5 * s) + r);
        double[] Run(Workspace w)
        {
            Accumulator destination = w.Sums(height, series, Old);
            w.Backend.StoreSums(w.Sums(rows, series, Source), w.Indices(destinations), destination);
            return Workspace.Read(destination);
        }

        double[] expected = Grid(
            series, height, (s, r) => Array.IndexOf(destinations, r) is >= 0 and int from ? Source(s, from) : Old(s, r));
        Assert.That(On(Backend, Run), Is.EqualTo(expected));
    }

    [Test]
    [Covers(nameof(ComputeBackend.TrackDisagreement))]
    public void Largest_disagreement_agrees(
        [ValueSource(nameof(Schedules))] PathSchedule schedule,
        [Values(1, 33, 257)] int rows,
        [Values(1, 20)] int columns,
        [Values] bool sharedTime,
        [Values] Placement placement)
    {
        // Two rows per slot, as two nodes of one sample; a slot whose old value is larger; one that nobody names.
        var data = new RandomData(88);
        HostMatrix points = data.Matrix(rows, columns), velocity = data.Matrix(rows, columns, 3), score = data.Matrix(rows, columns, 2);
        float[] times = data.Uniform(sharedTime ? 1 : rows, 0, 1);
        times[^1] = 1;
        int slots = (rows / 2) + 3;
        int[] slot = [.. Enumerable.Range(0, rows).Select(r => r / 2)];
        double Old(int i) => i == 1 ? 1e9 : 0;
        double[] Run(Workspace w)
        {
            Accumulator largest = w.Sums(slots, 1, (_, i) => Old(i));
            w.Backend.TrackDisagreement(
                schedule,
                new MarginalFields(
                    w.Input(new HostMatrix(1, times.Length, 1, times), placement), w.Input(points, placement), w.Input(velocity, placement), 2,
                    w.Input(score, placement), 1),
                w.Indices(slot),
                largest);
            return Workspace.Read(largest);
        }

        double[] scales = [.. Enumerable.Range(0, slots).Select(Old)];
        for (int r = 0; r < rows; r++)
        {
            double t = Math.Min(times[sharedTime ? 0 : r], schedule.LatestTime), c = schedule.ScoreWeight(t);
            double squares = Enumerable.Range(0, columns).Average(j => Math.Pow(
                Math.Abs(c * score[1, r, j]) + Math.Abs(t * velocity[2, r, j]) + Math.Abs(points[0, r, j]), 2));
            scales[slot[r]] = Math.Max(scales[slot[r]], schedule.Sigma(t) / c * Math.Sqrt(squares));
        }

        // Three rounded terms; as a norm the result moves by at most the norm of their roundings.
        Compare("disagreement", Run, ErrorBound.Of(Backend, 3, scales));
    }

    [Test]
    public void Disagreement_vanishes_for_a_consistent_pair([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        // s = (t u - x) / c rounded to float: an error of one rounding of s, times sigma; s is below 100 here and sigma below 1.2.
        const float time = 0.5f;
        HostMatrix points = new RandomData(89).Matrix(33, 10), velocity = new RandomData(90).Matrix(33, 10);
        double c = schedule.ScoreWeight(time);
        var score = new HostMatrix(
            1, 33, 10, [.. velocity.Values.Zip(points.Values, (u, x) => (float)(((time * (double)u) - x) / c))]);
        double[] largest = On(Backend, w =>
        {
            Accumulator sums = w.Sums(33, 1, (_, _) => 0);
            w.Backend.TrackDisagreement(
                schedule, new MarginalFields(w.Input(new HostMatrix(1, 1, 1, [time])), w.Input(points), w.Input(velocity), 0, w.Input(score), 0),
                w.Indices([.. Enumerable.Range(0, 33)]), sums);
            return Workspace.Read(sums);
        });
        Assert.That(largest, Is.All.LessThan(1e-5));
    }

    [Test]
    [Covers(nameof(ComputeBackend.BlendScore))]
    public void Blended_scores_agree(
        [ValueSource(nameof(Schedules))] PathSchedule schedule,
        [Values(1, 33, 257)] int rows,
        [Values(1, 20)] int columns,
        [Values] bool sharedTime,
        [Values] Placement placement)
    {
        var data = new RandomData(86);
        var blend = new ScoreBlend(0.5);
        HostMatrix points = data.Matrix(rows, columns), velocity = data.Matrix(rows, columns, 3), score = data.Matrix(rows, columns, 2);
        float[] times = data.Uniform(sharedTime ? 1 : rows, 0, 1);
        double Scale(int r, int j)
        {
            double t = times[sharedTime ? 0 : r], weight = blend.Weight(t);
            double implied = weight == 0
                ? 0
                : weight * (Math.Abs(t * velocity[2, r, j]) + Math.Abs(points[0, r, j])) / schedule.ScoreWeight(t);
            return ((1 - weight) * Math.Abs(score[1, r, j])) + implied;
        }

        double[] Run(Workspace w)
        {
            Matrix blended = w.Input(score, placement);
            w.Backend.BlendScore(
                schedule,
                blend,
                new MarginalFields(
                    w.Input(new HostMatrix(1, times.Length, 1, times), placement), w.Input(points, placement), w.Input(velocity, placement), 2, blended, 1));
            return Workspace.Read(blended);
        }

        double[] scales = [.. Enumerable.Range(0, rows * columns).Select(i => Scale(i / columns, i % columns))];

        // Three terms, and coefficients that are rounded themselves; the other segment is left alone.
        Compare("blended score", Run, ErrorBound.Of(Backend, 4, [.. score.Values.Take(rows * columns).Select(value => (double)Math.Abs(value)), .. scales]));
    }

    [Test]
    public void A_score_near_the_data_is_left_alone_and_a_consistent_one_stays([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        float[] times = [0, 0.3f, 0.75f, 0.85f, 0.96f, 1];
        HostMatrix points = new RandomData(84).Matrix(6, 10), velocity = new RandomData(85).Matrix(6, 10), any = new RandomData(83).Matrix(6, 10);
        float[] consistent =
        [
            .. Enumerable.Range(0, 60).Select(i => times[i / 10] > 0.9f
                ? any[0, i / 10, i % 10]
                : (float)(((times[i / 10] * (double)velocity[0, i / 10, i % 10]) - points[0, i / 10, i % 10]) / schedule.ScoreWeight(times[i / 10]))),
        ];
        double[] blended = On(Backend, w =>
        {
            Matrix score = w.Input(new HostMatrix(1, 6, 10, consistent));
            w.Backend.BlendScore(
                schedule, new ScoreBlend(0.7), new MarginalFields(w.Input(new HostMatrix(1, 6, 1, times)), w.Input(points), w.Input(velocity), 0, score, 0));
            return Workspace.Read(score);
        });
        Assert.That(blended.Skip(40), Is.EqualTo(consistent.Skip(40).Select(value => (double)value)));
        for (int i = 0; i < 40; i++)
        {
            Assert.That(blended[i], Is.EqualTo(consistent[i]).Within(1e-4), $"row {i / 10}");
        }
    }

    [Test]
    [Covers(nameof(ComputeBackend.FillProbes))]
    public void Probes_of_rows_at_different_stages_are_those_of_their_own_stage([Values] ProbeDistribution distribution)
    {
        var sequence = new ProbeSequence(distribution, 91);
        int[] samples = new RandomData(92).Integers(33, 0, 1000), stages = new RandomData(93).Integers(33, 0, 200);
        double[] expected = new double[2 * 33 * 21];
        for (int i = 0; i < 2 * 33; i++)
        {
            float[] probe = new float[21];
            sequence.Fill(samples[i % 33], i / 33, stages[i % 33], probe);
            probe.Select(value => (double)value).ToArray().CopyTo(expected, i * 21);
        }

        double[] actual = On(Backend, w =>
        {
            Matrix probes = w.Output(33, 21, 2);
            w.Backend.FillProbes(sequence, w.Indices(samples), w.Indices(stages), probes);
            return Workspace.Read(probes);
        });

        // Signs are exact; normal deviates of at most 7 pass through a logarithm and a cosine and are rounded to float.
        double scale = distribution == ProbeDistribution.Gaussian ? 7 : 0;
        double roundoff = Math.Max(Backend.UnitRoundoff, 1.0 / (1 << 24));
        ErrorBound.Check(
            "probes", expected, actual, [.. Enumerable.Repeat(ErrorBound.Of(roundoff, 1, scale), expected.Length)]);
    }

    [Test]
    public void Filled_indices([Values(1, 33)] int length)
    {
        using var w = new Workspace(Backend);
        IndexBuffer indices = w.Indices([.. Enumerable.Range(0, length + 5)]);
        indices.Fill(3);
        Assert.That(Workspace.Read(indices), Is.All.EqualTo(3));
        indices.Resize(length);
        indices.Fill(-7);
        Assert.That(Workspace.Read(indices), Is.EqualTo(Enumerable.Repeat(-7, length)));
        indices.Resize(length + 5);
        Assert.That(Workspace.Read(indices)[^5..], Is.All.EqualTo(3), "entries that were not in use stay");
    }

    [Test]
    public void A_view_of_segments_shares_memory_and_rows()
    {
        HostMatrix data = new RandomData(94).Matrix(33, 10, 5);
        using var w = new Workspace(Backend);
        Matrix whole = w.Input(data);
        Matrix inner = whole.ViewSegments(1, 4).ViewSegments(1, 2);
        Assert.Multiple(() =>
        {
            Assert.That((inner.Segments, inner.Rows, inner.Columns), Is.EqualTo((2, 33, 10)));
            Assert.That(Workspace.Read(inner), Is.EqualTo(data.Values[(2 * 330)..(4 * 330)].Select(value => (double)value)));
            Assert.That(
                Workspace.Read(whole.ViewColumns(4, 1).ViewSegments(3, 1))[32], Is.EqualTo(data[3, 32, 4]), "columns, then segments");
            Assert.That(
                Workspace.Read(whole.ViewSegments(3, 1).ViewColumns(4, 1))[32], Is.EqualTo(data[3, 32, 4]), "segments, then columns");
        });

        inner.Write<float>(new float[330], 1);
        double[] after = Workspace.Read(whole);
        Assert.That(after[(3 * 330)..(4 * 330)], Is.All.Zero);
        Assert.That(after[..(3 * 330)], Is.EqualTo(data.Values[..(3 * 330)].Select(value => (double)value)));
        Assert.That(after[(4 * 330)..], Is.EqualTo(data.Values[(4 * 330)..].Select(value => (double)value)));
        whole.Resize(7);
        Assert.That(inner.Rows, Is.EqualTo(7));
        Assert.That(() => inner.Resize(3), Throws.InvalidOperationException);
    }

    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    [TestCase(0, 4)]
    [TestCase(3, 1)]
    [TestCase(2, 2)]
    public void Segments_that_are_not_there_cannot_be_viewed(int first, int count)
    {
        using Matrix matrix = Backend.CreateMatrix(2, 2, 3);
        Assert.That(() => matrix.ViewSegments(first, count), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void CombineRows_is_independent_of_other_rows(
        [ValueSource(nameof(Parts))] (int First, int Count) part, [Values(1, 20, 64)] int columns)
    {
        (HostMatrix x, HostMatrix[] derivatives) = Operands(95, All, columns);
        double[] Run(Workspace w, int first, int count)
        {
            Matrix output = w.Output(count, columns);
            w.Backend.CombineRows(
                w.Input(x.SliceRows(first, count)), [.. derivatives.Select(k => w.Input(k.SliceRows(first, count)))], Coefficients,
                w.Sums(count, 1, (_, r) => Step(first + r)), output);
            return Workspace.Read(output);
        }

        CheckPart(part, columns, Run);
    }

    [Test]
    public void ErrorNorms_are_independent_of_other_rows(
        [ValueSource(nameof(Parts))] (int First, int Count) part, [Values(1, 20, 64)] int columns)
    {
        (HostMatrix x, HostMatrix[] derivatives) = Operands(96, All, columns);
        CheckPart(part, 1, (w, first, count) => Norms(w, x, derivatives, first, count));
    }

    [Test]
    public void TrackDisagreement_is_independent_of_other_rows(
        [ValueSource(nameof(Parts))] (int First, int Count) part, [Values(1, 20)] int columns)
    {
        var data = new RandomData(97);
        HostMatrix points = data.Matrix(All, columns), velocity = data.Matrix(All, columns), score = data.Matrix(All, columns);
        var times = new HostMatrix(1, All, 1, data.Uniform(All, 0, 1));
        CheckPart(part, 1, (w, first, count) =>
        {
            Accumulator largest = w.Sums(count, 1, (_, _) => 0);
            w.Backend.TrackDisagreement(
                PathSchedule.NoiseOnPath(0.5),
                new MarginalFields(
                    w.Input(times.SliceRows(first, count)), w.Input(points.SliceRows(first, count)), w.Input(velocity.SliceRows(first, count)), 0,
                    w.Input(score.SliceRows(first, count)), 0),
                w.Indices([.. Enumerable.Range(0, count)]), largest);
            return Workspace.Read(largest);
        });
    }

    [Test]
    public void BlendScore_is_independent_of_other_rows(
        [ValueSource(nameof(Parts))] (int First, int Count) part, [Values(1, 20)] int columns)
    {
        var data = new RandomData(87);
        HostMatrix points = data.Matrix(All, columns), velocity = data.Matrix(All, columns), score = data.Matrix(All, columns);
        var times = new HostMatrix(1, All, 1, data.Uniform(All, 0, 1));
        CheckPart(part, columns, (w, first, count) =>
        {
            Matrix blended = w.Input(score.SliceRows(first, count));
            w.Backend.BlendScore(
                PathSchedule.NoiseOnPath(0.5),
                new ScoreBlend(0.5),
                new MarginalFields(
                    w.Input(times.SliceRows(first, count)), w.Input(points.SliceRows(first, count)), w.Input(velocity.SliceRows(first, count)), 0,
                    blended, 0));
            return Workspace.Read(blended);
        });
    }

    private static double Step(int row) => 0.3 * Math.Cos(row);

    private static (HostMatrix X, HostMatrix[] Derivatives) Operands(ulong seed, int rows, int columns)
    {
        var data = new RandomData(seed);
        return (data.Matrix(rows, columns), [.. Enumerable.Range(0, 4).Select(_ => data.Matrix(rows, columns))]);
    }

    private static double Magnitude(HostMatrix[] derivatives, int r, int j) =>
        (0.4 * Math.Abs(derivatives[0][0, r, j])) + (0.7 * Math.Abs(derivatives[2][0, r, j]));

    /// <summary>Distinct rows in no order; every third row is skipped.</summary>
    private static int[] Destinations(int rows, int height)
    {
        float[] order = new RandomData(98).Uniform(height, 0, 1);
        int[] shuffled = [.. Enumerable.Range(0, height).OrderBy(i => order[i])];
        return [.. Enumerable.Range(0, rows).Select(r => r % 3 == 1 ? -1 : shuffled[r])];
    }

    private static double[] Norms(Workspace w, HostMatrix x, HostMatrix[] derivatives, int first, int count)
    {
        Accumulator norms = w.Sums(count);
        Matrix state = w.Input(x.SliceRows(first, count));
        w.Backend.ErrorNorms(
            state, state, [.. derivatives.Select(k => w.Input(k.SliceRows(first, count)))], Coefficients,
            w.Sums(count, 1, (_, r) => Step(first + r)), 1e-3, 1e-2, norms);
        return Workspace.Read(norms);
    }

    private static double[] Grid(int rows, int columns, Func<int, int, double> element) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => element(i / columns, i % columns))];

    private void CheckCopies(Func<Workspace, Accumulator> steps)
    {
        HostMatrix x = new RandomData(82).Matrix(33, 20);
        CompareExactly(
            "copy",
            w =>
            {
                Matrix output = w.Output(33, 20);
                w.Backend.CombineRows(w.Input(x), [], [], steps(w), output);
                return Workspace.Read(output);
            });
    }

    private void CheckPart((int First, int Count) part, int columns, Func<Workspace, int, int, double[]> run)
    {
        double[] all = On(Backend, w => run(w, 0, All));
        double[] some = On(Backend, w => run(w, part.First, part.Count));
        ErrorBound.CheckBits(
            "rows alone", all[(part.First * columns)..((part.First + part.Count) * columns)], some);
    }
}
