using FlowRatio.Engine.Solvers;

namespace FlowRatio.Tests.Solvers;

/// <summary>Tableaus: checks on construction, derived properties, and the order conditions by algebra.</summary>
public sealed class ButcherTableauTests
{
    // Coefficients are of order 10 and rounded to double, products of four of them are summed: well below 1e-12.
    private const double Rounding = 1e-12;

    private static readonly IReadOnlyList<ButcherTableau> Tableaus = ButcherTableau.All;

    [Test]
    public void Order_conditions_hold([ValueSource(nameof(Tableaus))] ButcherTableau tableau)
    {
        foreach ((int order, double[] weights, double expected) in Conditions(tableau).Where(c => c.Order <= tableau.Order))
        {
            Assert.That(
                Dot(tableau.B, weights),
                Is.EqualTo(expected).Within(Rounding),
                $"{tableau}: condition 1/{1 / expected:F0} of order {order}");
        }
    }

    [Test]
    public void Order_is_not_understated([Values("euler", "midpoint", "heun", "rk4")] string name)
    {
        // The conditions listed end at order 5, so dopri5 cannot be asked (six stages in the step allow order 5 at most).
        ButcherTableau tableau = Tableaus.Single(candidate => candidate.Name == name);
        Assert.That(
            Conditions(tableau).Where(c => c.Order == tableau.Order + 1)
                .Any(c => Math.Abs(Dot(tableau.B, c.Weights) - c.Expected) > 1e-3));
    }

    [Test]
    public void Embedded_method_of_dopri5_has_order_4_and_not_5()
    {
        ButcherTableau tableau = ButcherTableau.DormandPrince5;
        double[] embedded = [.. tableau.B.Zip(tableau.BError, (b, error) => b - error)];
        double Residual((int Order, double[] Weights, double Expected) c) => Math.Abs(Dot(embedded, c.Weights) - c.Expected);

        Assert.That(Conditions(tableau).Where(c => c.Order <= 4).Select(Residual), Is.All.LessThan(Rounding));
        Assert.That(Conditions(tableau).Where(c => c.Order == 5).Select(Residual).Max(), Is.GreaterThan(1e-4));
    }

    [Test]
    public void Nodes_are_row_sums([ValueSource(nameof(Tableaus))] ButcherTableau tableau)
    {
        Assert.That(tableau.C, Has.Length.EqualTo(tableau.Stages));
        Assert.That(tableau.C, Is.EqualTo(tableau.A.Select(row => row.Sum())));
        Assert.That(tableau.C, Is.All.InRange(0, 1 + Rounding));
    }

    [Test]
    public void First_same_as_last_is_derived_for_dopri5_alone()
    {
        Assert.That(Tableaus.Where(tableau => tableau.FirstSameAsLast), Is.EqualTo(new[] { ButcherTableau.DormandPrince5 }));

        // The last row must equal b, and the last weight must be zero; either alone is not enough.
        Assert.That(new ButcherTableau("row differs", 1, [[], [0.5]], [1, 0]).FirstSameAsLast, Is.False);
        Assert.That(new ButcherTableau("weight left", 1, [[], [0.5]], [0.5, 0.5]).FirstSameAsLast, Is.False);
        Assert.That(new ButcherTableau("euler with a last stage", 1, [[], [1]], [1, 0]).FirstSameAsLast);
    }

    [Test]
    public void Stages_that_serve_only_the_error_are_counted_apart()
    {
        Assert.That(Tableaus.Select(tableau => tableau.Stages), Is.EqualTo(new[] { 1, 2, 2, 4, 7 }));
        Assert.That(Tableaus.Select(tableau => tableau.StagesWithoutError), Is.EqualTo(new[] { 1, 2, 2, 4, 6 }));
    }

    [Test]
    public void Inconsistent_coefficients_are_refused_naming_the_method()
    {
        Assert.Multiple(() =>
        {
            AssertRefused("b", "0.9", () => new("custom", 1, [[], [1]], [0.5, 0.4]));
            AssertRefused("b", "NaN", () => new("custom", 1, [[]], [double.NaN]));
            AssertRefused("a", "1 rows", () => new("custom", 1, [[]], [0.5, 0.5]));
            AssertRefused("a", "row 1", () => new("custom", 1, [[], [1, 0]], [0.5, 0.5]));
            AssertRefused("a", "row 0", () => new("custom", 1, [[0]], [1]));
            AssertRefused("bError", "1 error weights for 2", () => new("custom", 1, [[], [1]], [0.5, 0.5], [0]));
            AssertRefused("bError", "0.25", () => new("custom", 1, [[], [1]], [0.5, 0.5], [0.5, -0.25]));
        });
    }

    [Test]
    public void Name_and_order_are_required()
    {
        Assert.That(() => new ButcherTableau(string.Empty, 1, [[]], [1]), Throws.ArgumentException);
        Assert.That(
            () => new ButcherTableau("custom", 0, [[]], [1]),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("order")
                .And.Property("ActualValue").EqualTo(0));
    }

    private static void AssertRefused(string argument, string value, Func<ButcherTableau> make) => Assert.That(
        make,
        Throws.ArgumentException.With.Property("ParamName").EqualTo(argument)
            .And.Message.StartWith("custom: ").And.Message.Contain(value));

    /// <summary>
    /// One condition sum_i b_i w_i = 1/gamma per rooted tree with up to five vertices (Hairer, Norsett and Wanner, "Solving ordinary
    /// differential equations I", table II.2.2); products of vectors are taken element by element.
    /// </summary>
    private static IEnumerable<(int Order, double[] Weights, double Expected)> Conditions(ButcherTableau tableau)
    {
        double[] A(double[] v) => [.. tableau.A.Select(row => Dot(row, v))];
        double[] Times(double[] v, double[] w) => [.. v.Zip(w, (x, y) => x * y)];
        double[] c = [.. tableau.C];
        double[] c2 = Times(c, c), c3 = Times(c2, c), ac = A(c), ac2 = A(c2), aac = A(ac);
        return
        [
            (1, [.. c.Select(_ => 1.0)], 1),
            (2, c, 1.0 / 2),
            (3, c2, 1.0 / 3), (3, ac, 1.0 / 6),
            (4, c3, 1.0 / 4), (4, Times(c, ac), 1.0 / 8), (4, ac2, 1.0 / 12), (4, aac, 1.0 / 24),
            (5, Times(c3, c), 1.0 / 5), (5, Times(c2, ac), 1.0 / 10), (5, Times(ac, ac), 1.0 / 20),
            (5, Times(c, ac2), 1.0 / 15), (5, Times(c, aac), 1.0 / 30), (5, A(c3), 1.0 / 20),
            (5, A(Times(c, ac)), 1.0 / 40), (5, A(ac2), 1.0 / 60), (5, A(aac), 1.0 / 120),
        ];
    }

    private static double Dot(IEnumerable<double> weights, double[] values) => weights.Zip(values, (w, v) => w * v).Sum();
}
