using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Log-ratios and log-densities of exact Gaussian flows with exact divergences, against closed forms.</summary>
public sealed class GaussianLogRatioTests : GaussianFixture
{
    // Three times the largest RMS error of the prototype in method.md (4e-6, other Gaussians): that of RK4 with 20 steps, not of rounding.
    private const double Accuracy = 1.2e-5;

    // Sums over 80 stages of terms up to about 100, in double precision.
    private const double Rounding = 1e-11;

    private static readonly (ButcherTableau Tableau, int[] Steps)[] Refinements =
    [
        // The largest errors are below 0.1, where the leading term dominates; the smallest 1e-10, far above rounding.
        // Dopri5 would be at 1e-13, so its order is left to FixedStepSolverTests.
        (ButcherTableau.Euler, [160, 320, 640]), (ButcherTableau.Midpoint, [80, 160, 320]), (ButcherTableau.Heun, [80, 160, 320]),
        (ButcherTableau.RungeKutta4, [40, 80, 160]),
    ];

    [Test]
    public void Log_ratio_is_accurate(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [ValueSource(nameof(Fields))] SimulatingField field)
    {
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 40);
        double[] actual = Ratios(flow, points, First, Second, Exact(field));
        double error = ConvergenceOrder.RootMeanSquare(flow.LogRatio(points, First, Second), actual);
        TestContext.Out.WriteLine($"RMS error {error:E2}");
        Assert.That(error, Is.LessThan(Accuracy));
    }

    [Test]
    public void Log_ratio_converges_at_the_order_of_the_method(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [ValueSource(nameof(Fields))] SimulatingField field)
    {
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 5);
        double[] truth = flow.LogRatio(points, First, Second);
        AssertOrders(truth, options => Ratios(flow, points, First, Second, options with { Field = field }));
    }

    [Test]
    public void Naive_log_ratio_and_log_densities_are_accurate([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 40);
        using var naive = new NaiveLogRatioEstimator(flow, Exact());
        double[] ratios = [.. naive.Estimate(points, First, Second).Values];
        Assert.That(ConvergenceOrder.RootMeanSquare(flow.LogRatio(points, First, Second), ratios), Is.LessThan(Accuracy));
        using var density = new LogDensityEstimator(flow, Exact());
        foreach (Condition condition in new[] { First, Second, Third, Condition.Empty(1) })
        {
            double[] values = [.. density.Estimate(points, condition).Values];
            Assert.That(
                ConvergenceOrder.RootMeanSquare(flow.LogDensity(points, condition), values), Is.LessThan(Accuracy), $"{condition}");
        }
    }

    [Test]
    public void Log_density_converges_at_the_order_of_the_method([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 5);
        AssertOrders(flow.LogDensity(points, Second), options =>
        {
            using var density = new LogDensityEstimator(flow, options);
            return [.. density.Estimate(points, Second).Values];
        });
    }

    [Test]
    public void Naive_log_ratio_is_the_difference_of_log_densities([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 5);
        using var naive = new NaiveLogRatioEstimator(flow, Exact());
        using var density = new LogDensityEstimator(flow, Exact());
        EstimationResult ratio = naive.Estimate(points, First, Second);
        EstimationResult above = density.Estimate(points, First), below = density.Estimate(points, Second);
        ErrorBound.CheckBits("naive", [.. above.Values.Zip(below.Values, (a, b) => a - b)], [.. ratio.Values]);
        Assert.That(ratio.EvaluationsPerPoint, Is.EqualTo(above.EvaluationsPerPoint + below.EvaluationsPerPoint));
    }

    [Test]
    public void Exchange_of_conditions_negates_the_log_ratio([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        // S3, S2 and any third field keep their trajectory; S1 and the denominator's field change places.
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 5);
        SimulatingField[] mirrored = [Fields[3], Fields[1], Fields[2], Fields[0], Fields[4]];
        for (int i = 0; i < mirrored.Length; i++)
        {
            double[] ratio = Ratios(flow, points, First, Second, Exact(Fields[i]));
            double[] reverse = Ratios(flow, points, Second, First, Exact(mirrored[i]));
            Assert.That(reverse, Is.EqualTo(ratio.Select(value => -value)).Within(Rounding), $"{Fields[i]}");
        }
    }

    [Test]
    public void Ratio_of_a_condition_with_itself_is_exactly_zero(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [ValueSource(nameof(Fields))] SimulatingField field)
    {
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 5);
        Assert.That(Ratios(flow, points, First, First, Exact(field)), Is.All.Zero);
        EstimationOptions probed = new() { Field = field, Divergence = DivergenceMethod.Hutchinson(2), Steps = 4 };
        Assert.That(Ratios(flow, points, Third, Third, probed), Is.All.Zero);
    }

    [Test]
    public void Ratios_obey_the_chain_rule([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        // Along one trajectory the middle term cancels to rounding; along different ones to the accuracy of the three estimates.
        GaussianFlow flow = Flow(schedule);
        float[] points = Points(flow, 5);
        foreach (SimulatingField field in Fields)
        {
            EstimationOptions options = Exact(field);
            double[] first = Ratios(flow, points, First, Second, options);
            double[] second = Ratios(flow, points, Second, Third, options);
            double[] whole = Ratios(flow, points, First, Third, options);
            bool shared = field == SimulatingField.Unconditional || field.Name == "condition";
            Assert.That(
                first.Zip(second, (a, b) => a + b),
                Is.EqualTo(whole).Within(shared ? Rounding : 10 * Accuracy),
                $"{field}");
        }
    }

    private static EstimationOptions Exact(SimulatingField? field = null) =>
        new() { Field = field ?? SimulatingField.Midpoint, Divergence = DivergenceMethod.Exact, Steps = 20 };

    private static double[] Ratios(
        GaussianFlow flow, float[] points, Condition numerator, Condition denominator, EstimationOptions options)
    {
        using var estimator = new LogRatioEstimator(flow, options with { Overlap = OverlapDiagnostic.Always });
        EstimationResult result = estimator.Estimate(points, numerator, denominator);
        Assert.That(result.Trajectories.Select(trajectory => trajectory.Status), Is.All.EqualTo(SolveStatus.Converged));
        Assert.That(result.Failures, Is.Empty);
        Assert.That(
            result.EvaluationsPerPoint, Is.EqualTo(options.Steps * options.Tableau.StagesWithoutError));

        // Exact velocity and score obey c_t s = t u - x; what is left comes from the cut at LatestTime, 1e-5 before t = 1.
        Assert.That(result.Disagreements, Is.All.LessThan(1e-3));
        return [.. result.Values];
    }

    private static void AssertOrders(double[] truth, Func<EstimationOptions, double[]> estimate)
    {
        foreach ((ButcherTableau tableau, int[] counts) in Refinements)
        {
            double[] errors = [.. counts.Select(steps => ConvergenceOrder.RootMeanSquare(
                truth, estimate(Exact() with { Tableau = tableau, Steps = steps })))];
            double order = ConvergenceOrder.Fit(counts, errors);
            TestContext.Out.WriteLine($"{tableau}: order {order:F2}, errors {string.Join(" ", errors.Select(e => $"{e:E2}"))}");
            Assert.That(order, Is.EqualTo(tableau.Order).Within(0.2), $"{tableau}");
        }
    }
}
