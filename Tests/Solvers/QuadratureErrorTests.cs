using FlowRatio.Engine.Solvers;

namespace FlowRatio.Tests.Solvers;

/// <summary>The estimated error of a quadrature along a step.</summary>
public sealed class QuadratureErrorTests
{
    private static readonly ButcherTableau Tableau = ButcherTableau.DormandPrince5;

    [Test]
    public void It_is_at_least_the_error_for_a_jump_anywhere()
    {
        double[] weights = QuadratureError.Weights(Tableau);
        double embedded = 0;
        for (double at = 0.0005; at < 1; at += 0.001)
        {
            double Jump(double node) => node > at ? 1 : 0;
            double error = Math.Abs(Sum(Tableau.B, Jump) - (1 - at));
            Assert.That(Math.Abs(Sum(weights, Jump)), Is.GreaterThanOrEqualTo(error - 1e-12).And.LessThan(2), $"a jump at {at}");
            embedded = Math.Max(embedded, error / Math.Abs(Sum(Tableau.BError, Jump)));
        }

        Assert.That(embedded, Is.GreaterThan(50), "the embedded pair misses most of it: why there is another estimate");
    }

    [Test]
    public void It_is_nothing_for_smooth_rates([Range(0, 4)] int power) =>
        Assert.That(Sum(QuadratureError.Weights(Tableau), node => Math.Pow(node, power)), Is.Zero.Within(1e-12));

    [Test]
    public void It_sees_the_first_power_that_it_does_not_integrate() =>
        Assert.That(Math.Abs(Sum(QuadratureError.Weights(Tableau), node => Math.Pow(node, 5))), Is.GreaterThan(1e-3));

    private static double Sum(IReadOnlyList<double> weights, Func<double, double> rate) =>
        Enumerable.Range(0, Tableau.Stages).Sum(i => weights[i] * rate(Math.Round(Tableau.C[i], 12)));
}
