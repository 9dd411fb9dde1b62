using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>What a tolerance promises of the values of a network with SELU, whose divergence jumps along a trajectory.</summary>
public sealed class ToleranceTests
{
    private const int Dimension = 3;

    // A tolerance is a root mean square; stated in AdaptiveOptions.
    private const double LargestMultiple = 5;

    private static readonly float[] Points = [.. new RandomData(31).Matrix(8, Dimension).Values];

    private FlowModel model = null!;
    private double[] ratios = null!;

    [OneTimeSetUp]
    public void Solve()
    {
        model = SmallModel.Create(Dimension);

        // Whatever its order, a method's error is that of the jumps: proportional to the steps.
        ratios = [.. Estimate(Fine).Values];
    }

    [TestCase(1e-2)]
    [TestCase(1e-3)]
    public void A_converged_value_is_within_a_small_multiple_of_the_tolerance(double tolerance)
    {
        EstimationResult result = Estimate(Adaptive(tolerance));
        double error = result.Values.Zip(ratios, (value, exact) => Math.Abs(value - exact)).Max();
        TestContext.Out.WriteLine($"{tolerance}: {error:0.0e0}, {result.EvaluationsPerPoint:0} evaluations");
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.Converged));
        Assert.That(result.Trajectories.Select(record => record.RateError), Is.All.GreaterThan(0).And.All.LessThanOrEqualTo(tolerance));
        Assert.That(error, Is.LessThan(LargestMultiple * tolerance));
    }

    [Test]
    public void Every_ratio_of_a_table_is_held_to_it()
    {
        using var backend = new CpuBackend(1);
        using var estimator = new LogRatioEstimator(model, Adaptive(1e-3) with { Field = SimulatingField.Numerator }, backend);
        Condition[] denominators = [model.Condition("b"), model.Condition("c")];
        IReadOnlyList<EstimationResult> table = estimator.EstimateTable(Points, model.Condition("a"), denominators);
        using var fine = new LogRatioEstimator(
            model, Fine with { Field = SimulatingField.Numerator, Steps = 3000 }, backend);
        IReadOnlyList<EstimationResult> exact = fine.EstimateTable(Points, model.Condition("a"), denominators);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(table[i].Values, Is.EqualTo(exact[i].Values).Within(LargestMultiple * 1e-3));
        }
    }

    [Test]
    public void A_density_is_held_to_it()
    {
        using var backend = new CpuBackend(1);
        using var estimator = new LogDensityEstimator(model, Adaptive(1e-3), backend);
        using var fine = new LogDensityEstimator(model, Fine with { Steps = 3000 }, backend);
        EstimationResult result = estimator.Estimate(Points, model.Condition("a"));
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.Converged));
        Assert.That(result.Values, Is.EqualTo(fine.Estimate(Points, model.Condition("a")).Values).Within(LargestMultiple * 1e-3));
    }

    [Test]
    public void What_single_precision_cannot_reach_is_said()
    {
        EstimationResult result = Estimate(Adaptive(1e-6));
        Assert.That(result.Trajectories.Select(record => record.Status), Is.All.EqualTo(SolveStatus.ToleranceNotReached));
        Assert.That(result.Trajectories.Select(record => record.RateError), Is.All.InRange(1e-6, 1e-4));
        Assert.That(result.Values, Is.EqualTo(ratios).Within(4e-4), "the values are the best there are");
    }

    [Test]
    public void A_value_that_would_cost_too_much_comes_with_its_status()
    {
        EstimationResult result = Estimate(Adaptive(1e-4) with { Adaptive = new AdaptiveOptions(1e-4, 1e-4) { StepLimit = 200 } });
        Assert.That(result.Trajectories.Select(record => record.Status), Has.Some.EqualTo(SolveStatus.ToleranceNotReached));
        Assert.That(result.Trajectories.Select(record => record.RateError), Has.Some.GreaterThan(1e-4));
        Assert.That(result.Values, Is.EqualTo(ratios).Within(0.1));
    }

    [Test]
    public void Probes_do_not_steer_and_the_error_of_the_value_is_not_claimed()
    {
        EstimationOptions options = Adaptive(1e-3) with { Divergence = DivergenceMethod.Hutchinson(2) };
        EstimationResult result = Estimate(options);
        Assert.That(result.Trajectories.Select(record => record.RateError), Is.All.NaN);
        Assert.That(result.EvaluationsPerPoint, Is.LessThan(0.2 * Estimate(Adaptive(1e-3)).EvaluationsPerPoint));
        Assert.That(Estimate(options with { Seed = 2 }).Trajectories, Is.EqualTo(result.Trajectories));
    }

    private static EstimationOptions Fine =>
        new() { Steps = 12_000, Tableau = ButcherTableau.Midpoint, Divergence = DivergenceMethod.Exact };

    private static EstimationOptions Adaptive(double tolerance) =>
        new() { Adaptive = new AdaptiveOptions(tolerance, tolerance), Divergence = DivergenceMethod.Exact };

    private EstimationResult Estimate(EstimationOptions options)
    {
        using var backend = new CpuBackend(1);
        using var estimator = new LogRatioEstimator(model, options, backend);
        return estimator.Estimate(Points, model.Condition("a"), model.Condition("b"));
    }
}
