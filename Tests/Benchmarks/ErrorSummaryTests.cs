using FlowRatio.Benchmarks.Metrics;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>Errors of estimates.</summary>
public sealed class ErrorSummaryTests
{
    [Test]
    public void Means_of_errors()
    {
        // Errors 1, -2, 3, 0: squares 1, 4, 9, 0 with mean 3.5 and sample variance (6.25 + 0.25 + 30.25 + 12.25) / 3.
        ErrorSummary errors = ErrorSummary.Of([2, 0, 6, 4], [1, 2, 3, 4]);
        Assert.That(errors.MeanSquared, Is.EqualTo(3.5));
        Assert.That(errors.MeanAbsolute, Is.EqualTo(1.5));
        Assert.That(errors.Bias, Is.EqualTo(0.5));
        Assert.That(errors.StandardError, Is.EqualTo(Math.Sqrt(49.0 / 3 / 4)).Within(1e-15));
        Assert.That(errors.NonFinite, Is.Zero);
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Points_without_a_value_are_counted_and_left_out(double missing)
    {
        ErrorSummary errors = ErrorSummary.Of([2, missing, 0], [1, 5, 2]);
        Assert.That(errors.NonFinite, Is.EqualTo(1));
        Assert.That(errors.MeanSquared, Is.EqualTo(2.5));
        Assert.That(errors.Bias, Is.EqualTo(-0.5));
    }

    [Test]
    public void Without_any_value_the_means_are_not_numbers()
    {
        ErrorSummary errors = ErrorSummary.Of([double.NaN, double.NaN], [1, 2]);
        Assert.That(errors.NonFinite, Is.EqualTo(2));
        Assert.That(errors.MeanSquared, Is.NaN);
        Assert.That(errors.StandardError, Is.NaN);
    }

    [Test]
    public void One_point_has_no_standard_error() => Assert.That(ErrorSummary.Of([1], [3]).StandardError, Is.NaN);

    [Test]
    public void Estimates_and_truth_must_be_as_many() =>
        Assert.Throws<ArgumentException>(() => ErrorSummary.Of([1, 2], [3]));
}
