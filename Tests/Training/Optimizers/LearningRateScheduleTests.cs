using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Training.Optimizers;

/// <summary>Learning rate per step.</summary>
public sealed class LearningRateScheduleTests
{
    private const long Steps = 1000;

    [Test]
    public void Constant_is_the_same_at_every_step([Values(0L, 1L, 500L, 999L)] long step) =>
        Assert.That(LearningRateSchedule.Constant(3e-4).Rate(step, Steps), Is.EqualTo(3e-4));

    [Test]
    public void Warm_up_rises_linearly_to_the_peak()
    {
        var schedule = LearningRateSchedule.WarmUpCosine(1e-3, 0.1);

        // A few roundings of values of the order of the peak.
        for (int step = 0; step < 100; step++)
        {
            Assert.That(schedule.Rate(step, Steps), Is.EqualTo(1e-3 * (step + 0.5) / 100).Within(1e-17), $"step {step}");
        }
    }

    [Test]
    public void Cosine_falls_from_the_peak_to_the_final_rate([Values(0, 0.02, 0.5)] double warmUp, [Values(0, 0.1)] double final)
    {
        var schedule = LearningRateSchedule.WarmUpCosine(2e-3, warmUp, final);
        double[] rates = [.. Enumerable.Range(0, (int)Steps).Select(step => schedule.Rate(step, Steps))];
        int peak = (int)(warmUp * Steps);
        Assert.That(rates[peak..], Is.Ordered.Descending);
        Assert.That(rates, Is.All.InRange(0, 2e-3));

        // The last step is taken half a step before the end: (pi / 2 / 2 / 500)^2 / 4 of the peak above the final rate at most.
        Assert.That(rates[^1], Is.InRange(2e-3 * final, 2e-3 * (final + 1e-5)));
        Assert.That(rates[^1], Is.GreaterThan(0), "every step moves");

        // Half-way down the cosine is the mean of peak and final rate; one step off moves it by at most pi / (2 * 500) of the peak.
        int middle = (int)(((0.5 * (1 + warmUp)) * Steps) - 1);
        Assert.That(rates[middle], Is.EqualTo(1e-3 * (1 + final)).Within(2e-3 * 0.004));
    }

    [TestCase(0)]
    [TestCase(-1e-3)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_peak_that_is_not_positive_is_refused_with_its_value(double peak)
    {
        foreach (TestDelegate create in (TestDelegate[])
                 [() => LearningRateSchedule.Constant(peak), () => LearningRateSchedule.WarmUpCosine(peak)])
        {
            ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(create)!;
            Assert.That(exception.Message, Does.Contain("learning rate").And.Contain(peak.ToString()));
        }
    }

    [TestCase(-0.1, 0, "warmUpFraction", "-0.1")]
    [TestCase(1, 0, "warmUpFraction", "1")]
    [TestCase(double.NaN, 0, "warmUpFraction", "NaN")]
    [TestCase(0.1, -0.5, "finalFraction", "-0.5")]
    [TestCase(0.1, 1.5, "finalFraction", "1.5")]
    public void A_share_out_of_range_is_named_with_its_value(double warmUp, double final, string name, string value)
    {
        ArgumentOutOfRangeException exception =
            Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUpCosine(1e-3, warmUp, final))!;
        Assert.That(exception.ParamName, Is.EqualTo(name));
        Assert.That(exception.Message, Does.Contain(value));
    }
}
