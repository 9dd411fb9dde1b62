using FlowRatio.Reports.Blocks;

namespace FlowRatio.Tests.Reports;

/// <summary>Printed numbers.</summary>
public sealed class ReportNumberTests
{
    [TestCase(0.0721, "0.0721")]
    [TestCase(1234.6, "1235")]
    [TestCase(-0.5, "−0.500")]
    [TestCase(0, "0.00")]
    [TestCase(2.5e-7, "2.50×10⁻⁷")]
    [TestCase(-3.21e8, "−3.21×10⁸")]
    [TestCase(double.NaN, "–")]
    [TestCase(double.PositiveInfinity, "∞")]
    [TestCase(null, "–")]
    public void Three_significant_digits(double? value, string expected) => Assert.That(ReportNumber.Format(value), Is.EqualTo(expected));

    [TestCase(0.0721, 0.00204, "0.0721 ± 0.0020")]
    [TestCase(12.34, 1.26, "12.3 ± 1.3")]
    [TestCase(12.34, double.NaN, "12.3")]
    [TestCase(double.NaN, 1, "–")]
    public void An_error_has_the_decimals_of_its_value(double value, double error, string expected) =>
        Assert.That(ReportNumber.WithError(value, error), Is.EqualTo(expected));

    [TestCase(9.5, "9.50 s")]
    [TestCase(125, "2 min 05 s")]
    [TestCase(7260, "2 h 01 min")]
    public void Durations(double seconds, string expected) => Assert.That(ReportNumber.Duration(seconds), Is.EqualTo(expected));

    [TestCase(1234567, "1,234,567")]
    [TestCase(40.0, "40")]
    [TestCase(40.26, "40.3")]
    public void Counts(double value, string expected) => Assert.That(ReportNumber.Count(value), Is.EqualTo(expected));
}
