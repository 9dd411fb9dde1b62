using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Wrong arguments of the estimators: every message names the argument and the value.</summary>
public sealed class BadInputTests
{
    private const int Dimension = 3;
    private static readonly FlowModel Model = SmallModel.Create(Dimension);
    private static readonly Condition A = new(0);
    private static readonly Condition B = new(1);

    private static readonly string[] Estimators = ["ratio", "naive", "density"];

    [Test]
    public void Values_that_are_not_finite_are_refused_with_their_place(
        [ValueSource(nameof(Estimators))] string estimator,
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value)
    {
        float[] points = new float[5 * Dimension];
        points[(3 * Dimension) + 2] = value;
        AssertNames("points", $"{value} in row 3, column 2", () => Estimate(estimator, points, A, B));
    }

    [Test]
    public void Missing_and_misshapen_points_are_refused(
        [ValueSource(nameof(Estimators))] string estimator, [Values(0, 1, 5, 7)] int length) =>
        AssertNames("points", $"{length} values", () => Estimate(estimator, new float[length], A, B));

    [TestCase("ratio", "numerator", "denominator")]
    [TestCase("density", "condition", null)]
    [TestCase("naive", "numerator", "denominator")]
    public void Unknown_conditions_are_refused(string estimator, string first, string? second)
    {
        float[] points = new float[Dimension];
        Assert.Multiple(() =>
        {
            AssertNames(first, "category 3", () => Estimate(estimator, points, new Condition(3), B));
            AssertNames(first, "2 covariates", () => Estimate(estimator, points, new Condition(0, 1), B));
            AssertNames(first, "0 covariates", () => Estimate(estimator, points, new Condition(), B));
            AssertNull(first, () => Estimate(estimator, points, null!, B));
            if (second is not null)
            {
                AssertNames(second, "category 7", () => Estimate(estimator, points, A, new Condition(7)));
            }
        });
    }

    [Test]
    public void Missing_denominator_is_refused() =>
        AssertNull("denominator", () => Estimate("ratio", new float[Dimension], A, null!));

    [Test]
    public void Unknown_conditions_of_the_naive_estimator_are_refused()
    {
        // Until the case above can run: refused at least, whatever the argument is called.
        float[] points = new float[Dimension];
        Assert.That(
            () => Estimate("naive", points, new Condition(3), B), Throws.ArgumentException.With.Message.Contain("category 3"));
        Assert.That(
            () => Estimate("naive", points, A, new Condition(7)), Throws.ArgumentException.With.Message.Contain("category 7"));
    }

    [Test]
    public void Unknown_conditions_of_the_simulating_field_are_refused()
    {
        // Category 3 is the first unknown one, so that the unchecked read stays inside the table's padded panel.
        float[] points = new float[Dimension];
        foreach (Condition unknown in new[] { new Condition(3), new Condition(0, 1) })
        {
            var options = new EstimationOptions { Steps = 1, Field = SimulatingField.Of(unknown) };
            Assert.That(
                () => Estimate("ratio", points, A, B, options), Throws.ArgumentException.With.Message.Contain(unknown.ToString()));
        }
    }

    [Test]
    public void Missing_models_are_refused()
    {
        Assert.Multiple(() =>
        {
            AssertNull("model", () => new LogRatioEstimator((FlowModel)null!));
            AssertNull("flow", () => new LogRatioEstimator((ConditionalFlow)null!));
            AssertNull("model", () => new NaiveLogRatioEstimator((FlowModel)null!));
            AssertNull("model", () => new LogDensityEstimator((FlowModel)null!));
            AssertNull("condition", () => SimulatingField.Of((Condition)null!));
        });
    }

    [Test]
    public void Unknown_names_are_refused_with_those_there_are()
    {
        AssertNames("category", "'d' of covariate 'group' is unknown; there are: a, b, c", () => Model.Condition("d"));
        AssertNames("assignments", "'batch' is unknown; there are: group", () => Model.Condition(("batch", "a")));
        AssertNames("assignments", "'group' is given twice", () => Model.Condition(("group", "a"), ("group", "b")));
        AssertOutOfRange("categories", -2, () => new Condition(-2));
    }

    [Test]
    public void Counts_below_one_are_refused([ValueSource(nameof(Estimators))] string estimator, [Values(0, -5)] int value)
    {
        float[] points = new float[Dimension];
        Assert.Multiple(() =>
        {
            AssertOutOfRange("Steps", value, () => Estimate(estimator, points, A, B, new EstimationOptions { Steps = value }));
            AssertOutOfRange("ChunkRows", value, () => Estimate(estimator, points, A, B, new EstimationOptions { ChunkRows = value }));
            AssertOutOfRange("probes", value, () => DivergenceMethod.Hutchinson(value));
        });
    }

    [Test]
    public void Negative_numbers_are_refused([ValueSource(nameof(Estimators))] string estimator)
    {
        AssertOutOfRange("firstSample", -1, () => Estimate(estimator, new float[Dimension], A, B, firstSample: -1));
        AssertOutOfRange("sigmaMin", -0.1, () => PathSchedule.NoiseAtData(-0.1));
        AssertOutOfRange("threads", -1, () => new CpuBackend(threads: -1));
    }

    [Test]
    public void Trajectories_that_leave_the_numbers_are_reported_and_disturb_no_other()
    {
        // The largest floats overflow in the first layer's sums: that row fails, the others keep their bits.
        float[] points = new RandomData(970).Normal(3 * Dimension);
        double[] expected = [.. Estimate("ratio", points, A, B).Values];
        points.AsSpan(Dimension, Dimension).Fill(float.MaxValue);
        EstimationResult result = Estimate("ratio", points, A, B);
        Assert.That(
            result.Trajectories.Select(trajectory => trajectory.Status),
            Is.EqualTo(new[] { SolveStatus.Converged, SolveStatus.NonFinite, SolveStatus.Converged }));
        Assert.That(result.Values[1], Is.NaN);
        Assert.That(result.Failures.Select(failure => failure.Sample), Is.EqualTo(new[] { 1 }));
        Assert.That(result.Failures[0].Time, Is.EqualTo(0.5), "end of the first of two steps from t = 1");
        Assert.That(result.Failures[0].Status, Is.EqualTo(SolveStatus.NonFinite));
        ErrorBound.CheckBits("other rows", [expected[0], expected[2]], [result.Values[0], result.Values[2]]);
    }

    [Test]
    public void Failure_of_the_point_in_the_last_step_is_named()
    {
        float[] points = new float[Dimension];
        Array.Fill(points, float.MaxValue);
        EstimationResult result = Estimate("ratio", points, A, B, new EstimationOptions { Steps = 1 });
        Assert.That(result.Failures.Select(failure => failure.Quantity), Is.EqualTo(new[] { "point" }));
    }

    private static EstimationResult Estimate(
        string estimator,
        float[] points,
        Condition numerator,
        Condition denominator,
        EstimationOptions? options = null,
        int firstSample = 0)
    {
        using var backend = new CpuBackend(threads: 1);
        options ??= new EstimationOptions { Steps = 2 };
        switch (estimator)
        {
            case "density":
                using (var density = new LogDensityEstimator(Model, options, backend))
                {
                    return density.Estimate(points, numerator, firstSample);
                }

            case "naive":
                using (var naive = new NaiveLogRatioEstimator(Model, options, backend))
                {
                    return naive.Estimate(points, numerator, denominator, firstSample);
                }

            default:
                using (var ratio = new LogRatioEstimator(Model, options, backend))
                {
                    return ratio.Estimate(points, numerator, denominator, firstSample);
                }
        }
    }

    private static void AssertNames(string argument, string text, Func<object> act) => Assert.That(
        act, Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(argument).And.Message.Contain(text));

    private static void AssertNull(string argument, Func<object> act) =>
        Assert.That(act, Throws.ArgumentNullException.With.Property("ParamName").EqualTo(argument));

    private static void AssertOutOfRange(string argument, object value, Func<object> act) => Assert.That(
        act,
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(argument)
            .And.Property("ActualValue").EqualTo(value).And.Message.Contain($"{value}"));
}
