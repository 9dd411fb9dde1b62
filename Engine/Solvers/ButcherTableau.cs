using System.Collections.Immutable;

namespace FlowRatio.Engine.Solvers;

/// <summary>
/// Coefficients of an explicit Runge-Kutta method as data, checked on construction. Methods are values of this type; there is one
/// stage loop for all of them (<see cref="FixedStepSolver"/>).
/// </summary>
public sealed class ButcherTableau
{
    private const double ConsistencyTolerance = 1e-12;

    /// <summary>Creates and checks a tableau.</summary>
    /// <param name="name">Name of the method.</param>
    /// <param name="order">Order of convergence.</param>
    /// <param name="a">Row i has the i weights of the stages before stage i; the first row is empty.</param>
    /// <param name="b">Weights of the step.</param>
    /// <param name="bError">b minus the embedded method's weights, or null.</param>
    /// <exception cref="ArgumentException">The coefficients are inconsistent.</exception>
    public ButcherTableau(string name, int order, double[][] a, double[] b, double[]? bError = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"{name}: a has {a.Length} rows, b has {b.Length} weights.", nameof(a));
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (a[i].Length != i)
            {
                throw new ArgumentException($"{name}: row {i} of a has {a[i].Length} entries; an explicit method has {i}.", nameof(a));
            }
        }

        RequireSum(name, nameof(b), b, 1);
        if (bError is not null)
        {
            if (bError.Length != b.Length)
            {
                throw new ArgumentException(
                    $"{name}: {bError.Length} error weights for {b.Length} stages.", nameof(bError));
            }

            RequireSum(name, nameof(bError), bError, 0);
        }

        Name = name;
        Order = order;
        A = [.. a.Select(row => row.ToImmutableArray())];
        B = [.. b];
        BError = bError?.ToImmutableArray() ?? [];

        // Row sums are the nodes: the condition under which a method treats t like one more component of x.
        C = [.. a.Select(row => row.Sum())];
        FirstSameAsLast = a.Length > 1 && b.AsSpan(0, b.Length - 1).SequenceEqual(a[^1]) && b[^1] == 0;
    }

    /// <summary>Euler's method, order 1.</summary>
    public static ButcherTableau Euler { get; } = new("euler", 1, [[]], [1]);

    /// <summary>The explicit midpoint rule, order 2.</summary>
    public static ButcherTableau Midpoint { get; } = new("midpoint", 2, [[], [0.5]], [0, 1]);

    /// <summary>Heun's method, order 2: K. Heun, Z. Math. Phys. 45 (1900).</summary>
    public static ButcherTableau Heun { get; } = new("heun", 2, [[], [1]], [0.5, 0.5]);

    /// <summary>The classical method of order 4: W. Kutta, Z. Math. Phys. 46 (1901).</summary>
    public static ButcherTableau RungeKutta4 { get; } = new(
        "rk4", 4, [[], [0.5], [0, 0.5], [0, 0, 1]], [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6]);

    /// <summary>
    /// Order 5 with an embedded method of order 4: J. R. Dormand and P. J. Prince, "A family of embedded Runge-Kutta formulae",
    /// J. Comput. Appl. Math. 6 (1980).
    /// </summary>
    public static ButcherTableau DormandPrince5 { get; } = new(
        "dopri5",
        5,
        [
            [],
            [1.0 / 5],
            [3.0 / 40, 9.0 / 40],
            [44.0 / 45, -56.0 / 15, 32.0 / 9],
            [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
            [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
        ],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0],
        [
            (35.0 / 384) - (5179.0 / 57600),
            0,
            (500.0 / 1113) - (7571.0 / 16695),
            (125.0 / 192) - (393.0 / 640),
            (-2187.0 / 6784) + (92097.0 / 339200),
            (11.0 / 84) - (187.0 / 2100),
            -1.0 / 40,
        ]);

    /// <summary>All methods that come with the engine.</summary>
    public static IReadOnlyList<ButcherTableau> All { get; } = [Euler, Midpoint, Heun, RungeKutta4, DormandPrince5];

    /// <summary>Name of the method.</summary>
    public string Name { get; }

    /// <summary>Order of convergence.</summary>
    public int Order { get; }

    /// <summary>Row i: weights of stages 0 to i - 1 in stage i.</summary>
    public ImmutableArray<ImmutableArray<double>> A { get; }

    /// <summary>Weights of the step.</summary>
    public ImmutableArray<double> B { get; }

    /// <summary>Nodes: stage i is taken at t + C[i] h.</summary>
    public ImmutableArray<double> C { get; }

    /// <summary>Weights of the embedded error estimate; empty when the method has none.</summary>
    public ImmutableArray<double> BError { get; }

    /// <summary>Whether the last stage is the first of the next step; follows from the coefficients.</summary>
    public bool FirstSameAsLast { get; }

    /// <summary>Number of stages.</summary>
    public int Stages => B.Length;

    /// <summary>Stages that the step itself needs: trailing ones of weight zero serve only the error estimate.</summary>
    public int StagesWithoutError
    {
        get
        {
            int stages = Stages;
            while (B[stages - 1] == 0)
            {
                stages--;
            }

            return stages;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static void RequireSum(string name, string weights, double[] values, double expected)
    {
        double sum = values.Sum();
        if (!(Math.Abs(sum - expected) < ConsistencyTolerance))
        {
            throw new ArgumentException($"{name}: {weights} sums to {sum}, expected {expected}.", weights);
        }
    }
}
