using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Base flows against the plain formulas in double precision.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractBaseFlowTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private static readonly PathSchedule[] Schedules =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5), PathSchedule.General(0.2, 0.3)];

    [Test]
    [Covers(nameof(ComputeBackend.LookUpCombinations))]
    public void Combinations_are_the_same_integers([Values(1, 7, 33, 257)] int rows, [Values(0, 1, 2, 3)] int covariates)
    {
        int[] sizes = [.. new[] { 3, 1, 4 }.Take(covariates)];
        var data = new RandomData(51);
        int[][] categories = [.. sizes.Select(size => data.Integers(rows, -1, size))];
        int[] table = data.Integers(sizes.Aggregate(1, (product, size) => product * (size + 1)), 0, 100);
        CompareExactly(
            "numbers",
            w =>
            {
                IndexBuffer numbers = w.Indices(data.Integers(rows, 0, 5));
                w.Backend.LookUpCombinations([.. categories.Select(column => w.Indices(column))], sizes, w.Indices(table), numbers);
                return Workspace.Read(numbers);
            });
    }

    [Test]
    [Covers(nameof(ComputeBackend.AddBaseFlow))]
    public void Base_flows_agree_for_every_shape([Values(1, 7, 33, 100)] int rows, [Values(1, 2, 5, 10, 21)] int columns, [Values] bool timePerRow) =>
        Check(rows, columns, PathSchedule.NoiseAtData(0.1), timePerRow, factor: 1, weighted: false);

    [Test]
    public void Base_flows_agree_for_every_schedule(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [Values(1, -1)] int factor, [Values] bool weighted) =>
        Check(33, 10, schedule, true, factor, weighted);

    [Test]
    public void Base_flows_agree_wherever_operands_lie([Values] Placement placement) =>
        Check(33, 10, PathSchedule.NoiseAtData(0.1), true, -1, true, placement);

    [Test]
    public void What_is_not_wanted_is_left_out([Values(1, 2, 4)] int wanted) =>
        Check(33, 10, PathSchedule.NoiseAtData(0.1), true, 1, true, wanted: wanted);

    /// <summary>One covariance of several components, among others of their own, within a density and across densities.</summary>
    [Test]
    public void A_block_that_components_share_is_like_blocks_of_their_own()
    {
        const int Columns = 5;
        GaussianComponent[] own = [.. Enumerable.Range(0, 4).Select(k => Support.BaseFlows.Component(Columns, 1 + k, 20 + (ulong)k, Columns))];
        GaussianComponent Tied(int k) => new(1 + k, own[k].Mean.AsSpan(), own[0].Blocks);
        var flow = new BaseFlow("tied", [new BaseDensity(own[1], Tied(2), own[0]), new BaseDensity(Tied(3), own[2], Tied(1))], [], 0);
        Check(33, Columns, PathSchedule.NoiseAtData(0.1), true, factor: 1, weighted: false, flow: flow);
    }

    /// <summary>More components than a thread's stack has room for sums of.</summary>
    [Test]
    public void Thousands_of_components_are_as_good_as_few()
    {
        float[] means = new RandomData(8).Uniform(20_000, -3, 3);
        var line = new BaseDensity(means.Select(mean => new GaussianComponent(1, [mean], [EigenBlock.OfOne(0, 0.5)])));
        Check(3, 1, PathSchedule.NoiseAtData(0.1), true, factor: 1, weighted: false, flow: new BaseFlow("line", [line], [], 0));
    }

    private void Check(
        int rows,
        int columns,
        PathSchedule schedule,
        bool timePerRow,
        double factor,
        bool weighted,
        Placement placement = Placement.Whole,
        int wanted = 7,
        BaseFlow? flow = null)
    {
        var data = new RandomData((ulong)((rows * 1000) + columns));
        flow ??= Support.BaseFlows.Flow(columns);
        HostMatrix points = data.Matrix(rows, columns), velocity = data.Matrix(rows, columns), score = data.Matrix(rows, columns);
        var times = new HostMatrix(1, timePerRow ? rows : 1, 1, data.Uniform(timePerRow ? rows : 1, 0, 1));
        HostMatrix weight = data.Matrix(rows, 1);
        int[] densities = data.Integers(rows, 0, flow.Densities.Length);

        double[] Run(Workspace w)
        {
            Matrix u = w.Input(velocity, placement), s = w.Input(score, placement);
            Accumulator divergence = w.Sums(rows, 2, (_, _) => 0.5);
            using BaseFlowBuffer buffer = w.Backend.CreateBaseFlow(flow);
            w.Backend.AddBaseFlow(
                buffer,
                schedule,
                w.Indices(densities),
                w.Input(times, placement),
                w.Input(points, placement),
                factor,
                (wanted & 1) == 0 ? null : u,
                (wanted & 2) == 0 ? null : s,
                weighted ? w.Input(weight, placement) : null,
                1,
                (wanted & 4) == 0 ? null : divergence);
            return [.. Workspace.Read(u), .. Workspace.Read(s), .. Workspace.Read(divergence)];
        }

        Compare("base", Run, [.. Bounds(flow, schedule, densities, times, points, velocity, score, weighted ? weight : null)]);
    }

    /// <summary>
    /// First-order error bounds. With y off by e = n u (|x| + |mu|), a component's velocity is off by g e sqrt(d), its score by e sqrt(d) / c, its
    /// exponent by |y| e / c summed over directions; responsibilities are off by the largest difference of exponents, and that times the
    /// spread of the components is what the mixture adds; all of it factor by factor.
    /// </summary>
    private IEnumerable<double> Bounds(
        BaseFlow flow, PathSchedule schedule, int[] densities, HostMatrix times, HostMatrix points, HostMatrix velocity, HostMatrix score, HostMatrix? weight)
    {
        int rows = points.Rows, dimension = points.Columns;
        double[] velocityBounds = new double[rows * dimension], scoreBounds = new double[rows * dimension], divergenceBounds = new double[2 * rows];
        double roundoff = (dimension + ErrorBound.Elementwise) * Backend.UnitRoundoff;
        for (int r = 0; r < rows; r++)
        {
            double t = times[0, times.Rows == 1 ? 0 : r, 0];
            double noise = schedule.SigmaSquared(t), slope = schedule.SigmaSigmaPrime(t);
            double factorOfScore = weight is null ? 1 : Math.Abs(weight[0, r, 0]);
            foreach (BaseFactor factor in flow.Densities[densities[r]].Factors)
            {
                double largestVelocity = 0, largestScore = 0, velocityError = 0, scoreError = 0, exponentError = 0, largestRate = 0;
                foreach (GaussianComponent component in factor.Components)
                {
                    double length = 0, meanLength = 0;
                    for (int i = 0; i < factor.Dimension; i++)
                    {
                        length += Math.Abs(points[0, r, factor.Coordinates[i]]) + Math.Abs(component.Mean[i]);
                        meanLength += Math.Abs(component.Mean[i]);
                    }

                    double smallest = component.Blocks.Min(block => block.Variances.Min()), largest = component.Blocks.Max(block => block.Variances.Max());
                    double c = (t * t * smallest) + noise;
                    double rate = ((t * largest) + Math.Abs(slope)) / c;
                    largestVelocity = Math.Max(largestVelocity, meanLength + (rate * length));
                    largestScore = Math.Max(largestScore, length / c);
                    velocityError = Math.Max(velocityError, roundoff * (meanLength + (rate * length)));
                    scoreError = Math.Max(scoreError, roundoff * length / c);
                    exponentError = Math.Max(exponentError, roundoff * ((length * length / c) + factor.Dimension));
                    largestRate = Math.Max(largestRate, rate);
                }

                bool isMixture = factor.Components.Length > 1;
                double responsibilityError = isMixture ? 2 * exponentError : 0;
                double u = velocityError + (responsibilityError * largestVelocity), s = scoreError + (responsibilityError * largestScore);
                foreach (int j in factor.Coordinates)
                {
                    velocityBounds[(r * dimension) + j] = (4 * Backend.UnitRoundoff * Math.Abs(velocity[0, r, j])) + u;
                    scoreBounds[(r * dimension) + j] = (4 * Backend.UnitRoundoff * Math.Abs(score[0, r, j])) + (factorOfScore * s);
                }

                divergenceBounds[rows + r] += (roundoff * factor.Dimension * largestRate)
                    + (isMixture
                        ? factor.Dimension * ((responsibilityError * ((2 * largestVelocity * largestScore) + largestRate)) + (u * largestScore) + (s * largestVelocity))
                        : 0);
            }
        }

        return [.. velocityBounds, .. scoreBounds, .. divergenceBounds];
    }
}
