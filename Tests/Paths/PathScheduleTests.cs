using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Paths;

/// <summary>The two-parameter family of Gaussian paths: derivatives, identities, end points, limits, arguments.</summary>
public sealed class PathScheduleTests
{
    private static readonly PathSchedule[] Schedules =
    [
        PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.5),
        PathSchedule.General(0.2, 0.3), PathSchedule.General(1.5, 4),
    ];

    private static readonly double[] Times = [0.01, 0.25, 0.5, 0.9, 0.99];

    [Test]
    public void Derivatives_match_differences(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [ValueSource(nameof(Times))] double t)
    {
        // sigma^2 is a quadratic: no truncation error, rounding 1e-16 / 1e-5. sigma itself has third derivatives of up to
        // (1 - t)^(-5/2) = 1e5 at 0.99, times step^2 / 6 = 2e-11.
        Assert.Multiple(() =>
        {
            Assert.That(
                schedule.SigmaSigmaPrime(t),
                Is.EqualTo(FiniteDifference.Derivative(s => schedule.SigmaSquared(s) / 2, t)).Within(1e-9));
            Assert.That(
                schedule.SigmaPrime(t), Is.EqualTo(FiniteDifference.Derivative(schedule.Sigma, t)).Within(1e-5));
        });
    }

    [Test]
    public void Quadratic_matches_the_formula(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [ValueSource(nameof(Times))] double t)
    {
        double line = 1 - ((1 - schedule.SigmaMin) * t);
        Assert.Multiple(() =>
        {
            Assert.That(
                schedule.SigmaSquared(t), Is.EqualTo((line * line) + (schedule.PathNoise * t * (1 - t))).Within(1e-15));
            Assert.That(schedule.Sigma(t) * schedule.Sigma(t), Is.EqualTo(schedule.SigmaSquared(t)).Within(1e-15));
        });
    }

    [Test]
    public void Score_weight_obeys_its_identity(
        [ValueSource(nameof(Schedules))] PathSchedule schedule, [ValueSource(nameof(Times))] double t)
    {
        // c = sigma (sigma - t sigma'), and c s* = t u* - x_t for any pair of target and noise. Rounding only: 1e-13.
        const double target = 1.3;
        const double noise = -0.7;
        double sigma = schedule.Sigma(t), prime = schedule.SigmaPrime(t), weight = schedule.ScoreWeight(t);
        double point = (t * target) + (sigma * noise), velocity = target + (prime * noise), score = -noise / sigma;
        Assert.Multiple(() =>
        {
            Assert.That(weight, Is.EqualTo(sigma * (sigma - (t * prime))).Within(1e-13));
            Assert.That(weight * score, Is.EqualTo((t * velocity) - point).Within(1e-13));
        });
    }

    [Test]
    public void Path_starts_at_the_standard_normal([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        Assert.Multiple(() =>
        {
            Assert.That(schedule.Sigma(0), Is.EqualTo(1));
            Assert.That(schedule.ScoreWeight(0), Is.EqualTo(1));
            Assert.That(
                schedule.SigmaSigmaPrime(0), Is.EqualTo(schedule.SigmaMin - 1 + (schedule.PathNoise / 2)).Within(1e-15));
        });
    }

    [Test]
    public void Path_ends_with_the_noise_at_the_data([ValueSource(nameof(Schedules))] PathSchedule schedule) =>
        Assert.That(schedule.Sigma(1), Is.EqualTo(schedule.SigmaMin).Within(1e-15));

    [Test]
    public void Latest_time_stops_short_only_without_noise_at_the_data([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        Assert.Multiple(() =>
        {
            Assert.That(schedule.LatestTime, Is.EqualTo(schedule.SigmaMin > 0 ? 1 : 1 - 1e-5));
            Assert.That(schedule.Sigma(schedule.LatestTime), Is.GreaterThan(0));
            Assert.That(double.IsFinite(schedule.SigmaPrime(schedule.LatestTime)));
        });
    }

    [Test]
    public void Until_moves_the_latest_time_and_nothing_else([ValueSource(nameof(Schedules))] PathSchedule schedule)
    {
        PathSchedule cut = schedule.Until(0.9);
        Assert.Multiple(() =>
        {
            Assert.That(cut.LatestTime, Is.EqualTo(0.9));
            Assert.That(cut.Until(0.95), Is.EqualTo(cut));
            Assert.That((cut.Name, cut.Constants), Is.EqualTo((schedule.Name, schedule.Constants)));
            Assert.That(schedule.Until(1), Is.EqualTo(schedule));
            Assert.That(
                new[] { 0.0, -1, 1.5, double.NaN }.Select(time => (TestDelegate)(() => schedule.Until(time))),
                Has.All.Matches<TestDelegate>(code => Assert.Catch<ArgumentOutOfRangeException>(code)!.ParamName == "time"));
        });
    }

    [Test]
    public void Deterministic_path_is_straight([ValueSource(nameof(Times))] double t)
    {
        Assert.Multiple(() =>
        {
            Assert.That(PathSchedule.Deterministic.Sigma(t), Is.EqualTo(1 - t).Within(1e-15));
            Assert.That(PathSchedule.Deterministic.SigmaPrime(t), Is.EqualTo(-1).Within(1e-15));
        });
    }

    [Test]
    public void Slope_of_noise_on_the_path_diverges_like_an_inverse_root()
    {
        // sigma' sqrt(1 - t) -> -sqrt(kappa) / 2; the correction at 1 - t = h is of relative order h.
        const double kappa = 0.5;
        PathSchedule schedule = PathSchedule.NoiseOnPath(kappa);
        foreach (double h in new[] { 1e-4, 1e-6, 1e-8 })
        {
            Assert.That(
                schedule.SigmaPrime(1 - h) * Math.Sqrt(h), Is.EqualTo(-Math.Sqrt(kappa) / 2).Within((10 * h) + 1e-7), $"1 - t = {h}");
        }
    }

    [Test]
    public void Special_schedules_are_members_of_the_family([ValueSource(nameof(Times))] double t)
    {
        Assert.Multiple(() =>
        {
            Assert.That(PathSchedule.General(0, 0).Sigma(t), Is.EqualTo(PathSchedule.Deterministic.Sigma(t)));
            Assert.That(PathSchedule.General(0.1, 0).Sigma(t), Is.EqualTo(PathSchedule.NoiseAtData(0.1).Sigma(t)));
            Assert.That(PathSchedule.General(0, 0.5).Sigma(t), Is.EqualTo(PathSchedule.NoiseOnPath(0.5).Sigma(t)));
        });
    }

    [Test]
    public void Names_are_those_of_the_commands()
    {
        Assert.That(
            Schedules.Select(schedule => schedule.Name),
            Is.EqualTo(new[] { "deterministic", "data-noise", "path-noise", "general", "general" }));
    }

    [Test]
    public void Wrong_parameters_are_named_with_their_value(
        [Values(-0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity)] double value)
    {
        Assert.Multiple(() =>
        {
            AssertNames("sigmaMin", value, () => PathSchedule.NoiseAtData(value));
            AssertNames("pathNoise", value, () => PathSchedule.NoiseOnPath(value));
            AssertNames("sigmaMin", value, () => PathSchedule.General(value, 0));
            AssertNames("pathNoise", value, () => PathSchedule.General(0, value));
        });
    }

    [Test]
    public void Named_schedules_need_noise()
    {
        AssertNames("sigmaMin", 0.0, () => PathSchedule.NoiseAtData(0));
        AssertNames("pathNoise", 0.0, () => PathSchedule.NoiseOnPath(0));
    }

    private static void AssertNames(string argument, double value, Func<PathSchedule> make) =>
        Assert.That(
            make,
            Throws.InstanceOf<ArgumentOutOfRangeException>()
                .With.Property(nameof(ArgumentOutOfRangeException.ParamName)).EqualTo(argument)
                .And.Property(nameof(ArgumentOutOfRangeException.ActualValue)).EqualTo(value));
}
