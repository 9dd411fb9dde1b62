using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Solvers;

/// <summary>The stage loop: order of every method, direction, failures, cancellation, arguments.</summary>
public sealed class FixedStepSolverTests
{
    private const int Rows = 4;
    private static readonly IReadOnlyList<ButcherTableau> Tableaus = ButcherTableau.All;
    private ReferenceBackend? backend;

    [OneTimeSetUp]
    public void CreateBackend() => backend = new ReferenceBackend();

    [OneTimeTearDown]
    public void DisposeBackend() => backend?.Dispose();

    [Test]
    public void Errors_fall_at_the_order_of_the_method(
        [ValueSource(nameof(Tableaus))] ButcherTableau tableau, [Values] bool backwards)
    {
        // Small enough steps for the leading term to dominate, which leaves slopes up to 0.1 away; errors stay above 1e-13, a
        // hundred times what rounding leaves.
        int first = tableau.Order switch { 1 => 256, 2 => 64, 4 => 32, _ => 16 };
        int[] counts = [first, first * 3 / 2, 2 * first, 3 * first, 4 * first];
        double start = backwards ? 1 : 0;
        double[][] errors = [.. counts.Select(steps => Errors(tableau, start, 1 - start, steps))];
        for (int component = 0; component < 4; component++)
        {
            double order = ConvergenceOrder.Fit(counts, [.. errors.Select(error => error[component])]);
            Assert.That(order, Is.EqualTo(tableau.Order).Within(0.15), component < 2 ? $"x{component}" : $"rate {component - 2}");
        }
    }

    [Test]
    public void Backward_undoes_forward([ValueSource(nameof(Tableaus))] ButcherTableau tableau)
    {
        // Both ways have about the same error, of the order that the convergence test fits; at 512 steps at most 1e-2 (Euler).
        const int steps = 512;
        using var dynamics = new TestDynamics(backend!);
        using FixedStepSolver solver = Solver(tableau);
        double[] begin = TestDynamics.Exact(0).State;
        solver.State.Write<double>(begin);
        solver.Solve(dynamics, 0, 1, steps);
        double[] there = Workspace.Read(solver.Totals);
        solver.Solve(dynamics, 1, 0, steps);
        double tolerance = tableau.Order == 1 ? 1e-2 : tableau.Order == 2 ? 1e-5 : 1e-10;
        Assert.That(Workspace.Read(solver.State), Is.EqualTo(begin).Within(tolerance));
        Assert.That(Workspace.Read(solver.Totals), Is.EqualTo(there.Select(value => -value)).Within(tolerance));
    }

    [Test]
    public void Every_stage_is_evaluated_once_in_order_at_its_time([ValueSource(nameof(Tableaus))] ButcherTableau tableau)
    {
        const int steps = 5;
        using var dynamics = new TestDynamics(backend!);
        using FixedStepSolver solver = Solver(tableau);
        solver.State.Write<double>(TestDynamics.Exact(1).State);
        int evaluations = solver.Solve(dynamics, 1, 0, steps);
        Assert.That(evaluations, Is.EqualTo(steps * tableau.StagesWithoutError));
        Assert.That(dynamics.Calls.Select(call => call.Stage), Is.EqualTo(Enumerable.Range(0, evaluations)));

        // 1e-15: two roundings of numbers below 1.
        Assert.That(
            dynamics.Calls.Select(call => call.Time),
            Is.EqualTo(Enumerable.Range(0, evaluations).Select(
                i => 1 - (((i / tableau.StagesWithoutError) + tableau.C[i % tableau.StagesWithoutError]) / steps))).Within(1e-15));
    }

    [Test]
    public void Non_finite_rows_are_marked_with_their_step_and_disturb_no_other(
        [ValueSource(nameof(Tableaus))] ButcherTableau tableau,
        [Values(double.NaN, double.PositiveInfinity, double.NegativeInfinity)] double poison)
    {
        const int steps = 6;
        (double[] state, double[] totals, int[] marks) Solve(Action<TestDynamics> prepare)
        {
            using var dynamics = new TestDynamics(backend!);
            prepare(dynamics);
            using FixedStepSolver solver = Solver(tableau);
            solver.State.Write<double>(TestDynamics.Exact(0).State);
            solver.Solve(dynamics, 0, 1, steps);
            return (Workspace.Read(solver.State), Workspace.Read(solver.Totals), Workspace.Read(solver.FirstFailure));
        }

        int stages = tableau.StagesWithoutError;
        var clean = Solve(_ => { });

        // The last stage of step 3 spoils the point of row 1, that of step 5 only a rate of row 2: last stages have a weight > 0.
        var spoiled = Solve(dynamics =>
        {
            dynamics.Poison = poison;
            dynamics.PoisonedPoint = (Row: 1, Stage: (3 * stages) - 1);
            dynamics.PoisonedRate = (Row: 2, Stage: (5 * stages) - 1);
        });
        Assert.That(clean.marks, Is.All.Zero);
        Assert.That(spoiled.marks, Is.EqualTo(new[] { 0, 3, 5, 0 }));
        foreach (int row in new[] { 0, 3 })
        {
            Assert.That(RowOf(spoiled.state, row), Is.EqualTo(RowOf(clean.state, row)), "same bits");
            Assert.That(SeriesOf(spoiled.totals, row), Is.EqualTo(SeriesOf(clean.totals, row)), "same bits");
        }

        Assert.That(RowOf(spoiled.state, 2), Is.EqualTo(RowOf(clean.state, 2)), "a rate never feeds back into the point");
    }

    [Test]
    public void Marks_and_totals_start_afresh_with_every_solve()
    {
        using var dynamics = new TestDynamics(backend!) { Poison = double.NaN, PoisonedPoint = (0, 2) };
        using FixedStepSolver solver = Solver(ButcherTableau.RungeKutta4);
        double[][] totals = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            solver.State.Write<double>(TestDynamics.Exact(0).State);
            solver.Solve(dynamics, 0, 1, 3);
            dynamics.PoisonedPoint = default;
            return SeriesOf(Workspace.Read(solver.Totals), 3);
        })];
        Assert.That(Workspace.Read(solver.FirstFailure), Is.All.Zero);
        Assert.That(totals[1], Is.EqualTo(totals[0]), "same bits");
    }

    [Test]
    public void Cancellation_is_seen_before_the_next_evaluation([Values(0, 1, 6, 10)] int evaluation)
    {
        using var source = new CancellationTokenSource();
        using var dynamics = new TestDynamics(backend!) { BeforeReturning = stage => CancelAt(stage, evaluation, source) };
        using FixedStepSolver solver = Solver(ButcherTableau.RungeKutta4);
        solver.State.Write<double>(TestDynamics.Exact(0).State);
        Assert.That(() => solver.Solve(dynamics, 0, 1, 3, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(dynamics.Calls, Has.Count.EqualTo(evaluation + 1));
    }

    [Test]
    public void Cancelled_beforehand_evaluates_nothing()
    {
        using var dynamics = new TestDynamics(backend!);
        using FixedStepSolver solver = Solver(ButcherTableau.Euler);
        Assert.That(
            () => solver.Solve(dynamics, 0, 1, 3, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(dynamics.Calls, Is.Empty);
    }

    [Test]
    public void Fewer_than_one_step_is_refused([Values(0, -3)] int steps)
    {
        using var dynamics = new TestDynamics(backend!);
        using FixedStepSolver solver = Solver(ButcherTableau.Euler);
        Assert.That(
            () => solver.Solve(dynamics, 0, 1, steps),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("steps")
                .And.Property("ActualValue").EqualTo(steps));
    }

    private static void CancelAt(int stage, int evaluation, CancellationTokenSource source)
    {
        if (stage == evaluation)
        {
            source.Cancel();
        }
    }

    private static double[] RowOf(double[] state, int row) => state[(2 * row)..((2 * row) + 2)];

    private static double[] SeriesOf(double[] totals, int row) => [totals[row], totals[Rows + row]];

    private FixedStepSolver Solver(ButcherTableau tableau) => new(backend!, tableau, Rows, dimension: 2, rateSeries: 2);

    /// <summary>RMS errors over the rows: both coordinates of x, both rates.</summary>
    private double[] Errors(ButcherTableau tableau, double start, double end, int steps)
    {
        using var dynamics = new TestDynamics(backend!);
        using FixedStepSolver solver = Solver(tableau);
        (double[] startState, double[] startIntegrals) = TestDynamics.Exact(start);
        (double[] endState, double[] endIntegrals) = TestDynamics.Exact(end);
        solver.State.Write<double>(startState);
        solver.Solve(dynamics, start, end, steps);
        double[] state = Workspace.Read(solver.State), totals = Workspace.Read(solver.Totals);
        double[] integrals = [.. endIntegrals.Zip(startIntegrals, (a, b) => a - b)];
        double Error(double[] exact, double[] actual, Func<int, int> index) => ConvergenceOrder.RootMeanSquare(
            Enumerable.Range(0, Rows).Select(r => exact[index(r)]), Enumerable.Range(0, Rows).Select(r => actual[index(r)]));

        return
        [
            Error(endState, state, r => 2 * r), Error(endState, state, r => (2 * r) + 1),
            Error(integrals, totals, r => r), Error(integrals, totals, r => Rows + r),
        ];
    }

    /// <summary>
    /// x' = -3 t^2 x^2, y' = y (3 cos 3t - 3 t^2 x): coupled, nonlinear, not autonomous, solved by x = a = a0 / (1 + a0 t^3) and
    /// y = a exp(sin 3t). The rates 3 t^2 x and 3 cos(3t) y / x integrate to log(1 + a0 t^3) and exp(sin 3t). The t^3 is there
    /// because dopri5 has nearly no error of order 5 on slowly varying Riccati equations, and would seem to have order 6.
    /// </summary>
    private sealed class TestDynamics(ComputeBackend backend) : ITrajectoryDynamics, IDisposable
    {
        private static readonly double[] Initial = [0.3, 0.5, 0.7, 0.9];

        public List<(double Time, int Stage)> Calls { get; } = [];

        public double Poison { get; set; }

        public (int Row, int Stage)? PoisonedPoint { get; set; }

        public (int Row, int Stage)? PoisonedRate { get; set; }

        public Action<int> BeforeReturning { get; set; } = _ => { };

        public Matrix Points { get; } = backend.CreateMatrix(Rows, 2);

        public int RateSeries => 2;

        public static (double[] State, double[] Integrals) Exact(double t)
        {
            double[] a = [.. Initial.Select(a0 => a0 / (1 + (a0 * t * t * t)))];
            return (
                [.. a.SelectMany(x => new[] { x, x * Math.Exp(Math.Sin(3 * t)) })],
                [.. Initial.Select(a0 => Math.Log(1 + (a0 * t * t * t))), .. Initial.Select(_ => Math.Exp(Math.Sin(3 * t)))]);
        }

        public void Evaluate(double time, int stage, Matrix derivative, Accumulator rates)
        {
            Calls.Add((time, stage));
            double[] points = Workspace.Read(Points), slopes = new double[points.Length];
            double[] first = new double[Rows], second = new double[Rows];
            for (int r = 0; r < Rows; r++)
            {
                double x = points[2 * r], y = points[(2 * r) + 1];
                slopes[2 * r] = -3 * time * time * x * x;
                slopes[(2 * r) + 1] = (y * ((3 * Math.Cos(3 * time)) - (3 * time * time * x)))
                    + (PoisonedPoint == (r, stage) ? Poison : 0);
                first[r] = 3 * time * time * x;
                second[r] = (3 * Math.Cos(3 * time) * y / x) + (PoisonedRate == (r, stage) ? Poison : 0);
            }

            derivative.Write<double>(slopes);
            rates.Write(0, first);
            rates.Write(1, second);
            BeforeReturning(stage);
        }

        public void Dispose() => Points.Dispose();
    }
}
