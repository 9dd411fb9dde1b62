using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Solvers;

/// <summary>Adaptive steps per trajectory: accuracy, independence of rows, work, statuses, probes, arguments.</summary>
public sealed class AdaptiveSolverTests
{
    private const int StagesPerStep = 6;

    // From hardly moving to forty radians: some seven times as many steps.
    private static readonly RowDynamics.Trajectory[] Mixed =
    [
        new(0.1), new(40, 0.75f), new(3, 0.25f, 1), new(0.5), new(15, 0.7f, 0.5f), new(1, 0.625f), new(0.25, 0.375f),
    ];

    private ReferenceBackend? backend;

    [OneTimeSetUp]
    public void CreateBackend() => backend = new ReferenceBackend();

    [OneTimeTearDown]
    public void DisposeBackend() => backend?.Dispose();

    [Test]
    public void The_global_error_falls_in_proportion_to_the_tolerance([Values] bool backwards)
    {
        double[] tolerances = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9];
        double start = backwards ? 1 : 0;
        double[] errors = [.. tolerances.Select(tolerance => LargestError(Solve(Mixed, tolerance, start, 1 - start), Mixed, start, 1 - start))];
        TestContext.Out.WriteLine(string.Join(", ", errors.Select((error, i) => $"{tolerances[i]:0e0}: {error:0.0e0}")));

        // The step controller holds each step's error of order 4 near the tolerance while the order-5 solution is kept, so the
        // global error follows the tolerance with a slope of 1 (0.9 to 1.1 here); forty radians amplify it by far less than 100.
        double slope = ConvergenceOrder.Fit([.. tolerances.Select(tolerance => (int)Math.Round(1 / tolerance))], errors);
        Assert.That(slope, Is.EqualTo(1).Within(0.2));
        for (int i = 0; i < errors.Length; i++)
        {
            Assert.That(errors[i], Is.LessThan(100 * tolerances[i]), $"tolerance {tolerances[i]}");
        }
    }

    [Test]
    public void A_row_is_solved_the_same_alone_in_a_batch_and_in_any_order([Values] bool backwards)
    {
        double start = backwards ? 1 : 0;
        Solution batch = Solve(Mixed, 1e-6, start, 1 - start);
        Solution reversed = Solve([.. Mixed.Reverse()], 1e-6, start, 1 - start);
        for (int r = 0; r < Mixed.Length; r++)
        {
            Solution alone = Solve([Mixed[r]], 1e-6, start, 1 - start);
            Assert.That(batch.Row(r), Is.EqualTo(alone.Row(0)), "same bits in the batch");
            Assert.That(reversed.Row(Mixed.Length - 1 - r), Is.EqualTo(alone.Row(0)), "same bits in reverse order");
            Assert.That(batch.Records[r], Is.EqualTo(alone.Records[0]), "same steps");
            Assert.That(reversed.Records[Mixed.Length - 1 - r], Is.EqualTo(alone.Records[0]), "same steps in reverse order");
        }
    }

    [Test]
    public void The_work_follows_each_row()
    {
        // One hard row among fifty easy ones.
        RowDynamics.Trajectory[] rows = [.. Enumerable.Range(0, 51).Select(r => new RowDynamics.Trajectory(r == 20 ? 40 : 0.5))];
        Solution solution = Solve(rows, 1e-6, 0, 1);
        int slowest = solution.Records.Max(record => record.Evaluations);
        TestContext.Out.WriteLine($"rows evaluated {solution.Calls.Count}, rows x slowest {rows.Length * slowest}");
        Assert.That(solution.Records.Select((record, r) => record.Evaluations), Is.EqualTo(
            rows.Select((_, r) => solution.Calls.Count(call => call.Row == r))), "records count what the dynamics saw");
        Assert.That(solution.Evaluations, Is.EqualTo(slowest), "the batch lasts as long as its slowest row");
        Assert.That(solution.Calls, Has.Count.LessThan(0.25 * rows.Length * slowest));
    }

    [Test]
    public void A_rate_that_is_no_number_once_does_not_hold_up_the_steps_behind()
    {
        using var solver = new AdaptiveSolver(
            backend!, ButcherTableau.DormandPrince5, new AdaptiveOptions(1e-4, 1e-4) { StepLimit = 200 }, 1, 2, 2, new RateControl([[1.0, 0]], 1e-4));
        TrajectoryRecord record = Solve(
            solver, [new(3)], 0, 1, new Trial { Noise = (_, stage) => stage is > 0 and <= StagesPerStep ? double.NaN : 0 }).Records[0];
        Assert.That(record.Status, Is.EqualTo(SolveStatus.ToleranceNotReached));
        Assert.That(record.RejectedSteps, Is.LessThan(10));
    }

    [Test]
    public void A_step_without_error_is_within_a_tolerance_that_is_used_up()
    {
        using var errors = new RateErrors(backend!, ButcherTableau.DormandPrince5, new RateControl([[1.0]], 1e-3), 1, 1);
        Assert.That(errors.Norm(0, 1), Is.Zero);
    }

    [Test]
    public void Counts_are_consistent([Values(1e-3, 1e-6)] double tolerance)
    {
        Solution solution = Solve(Mixed, tolerance, 0, 1);
        foreach (TrajectoryRecord record in solution.Records)
        {
            // Two evaluations choose the first step; the last stage of an accepted step is the first of the next.
            Assert.That(record.Evaluations, Is.EqualTo(2 + (StagesPerStep * (record.AcceptedSteps + record.RejectedSteps))));
            Assert.That(record.Status, Is.EqualTo(SolveStatus.Converged));
            Assert.That(record.EndTime, Is.EqualTo(1));
        }
    }

    [Test]
    public void Steps_cover_the_span_and_never_leave_it([Values] bool backwards)
    {
        double start = backwards ? 1 : 0;
        Solution solution = Solve(Mixed, 1e-6, start, 1 - start);

        // 1e-15: time + h is rounded.
        Assert.That(solution.Calls.Select(call => call.Time), Is.All.InRange(-1e-15, 1 + 1e-15));
        for (int r = 0; r < Mixed.Length; r++)
        {
            Assert.That(solution.Calls.Last(call => call.Row == r).Time, Is.EqualTo(1 - start).Within(1e-15), "the last stage lies on the end");
        }
    }

    [Test]
    public void A_rejected_step_is_tried_again_with_the_same_stage_numbers()
    {
        Solution solution = Solve(Mixed, 1e-6, 0, 1);
        Assert.That(solution.Records.Sum(record => record.RejectedSteps), Is.GreaterThan(3), "else nothing is tested");
        for (int r = 0; r < Mixed.Length; r++)
        {
            int[] stages = [.. solution.Calls.Where(call => call.Row == r).Select(call => call.Stage)];
            Assert.That(stages[..2], Is.EqualTo(new[] { 0, 1 }), "the choice of the first step");
            int accepted = 0, repeated = 0;
            for (int i = 2; i < stages.Length; i += StagesPerStep)
            {
                if (i > 2)
                {
                    (accepted, repeated) = stages[i] == stages[i - StagesPerStep] ? (accepted, repeated + 1) : (accepted + 1, repeated);
                }

                Assert.That(
                    stages[i..(i + StagesPerStep)], Is.EqualTo(Enumerable.Range((accepted * StagesPerStep) + 1, StagesPerStep)));
            }

            Assert.That((accepted + 1, repeated), Is.EqualTo((solution.Records[r].AcceptedSteps, solution.Records[r].RejectedSteps)));
        }
    }

    [Test]
    public void Noise_in_the_rates_does_not_steer_the_steps()
    {
        Solution quiet = Solve(Mixed, 1e-6, 0, 1);
        Solution noisy = Solve(Mixed, 1e-6, 0, 1, new() { Noise = (row, stage) => 1e3 * Noise(row, stage) });
        Solution poisoned = Solve(Mixed, 1e-6, 0, 1, new() { Noise = (_, stage) => stage == 3 ? double.NaN : 0 });
        Assert.That(noisy.States, Is.EqualTo(quiet.States), "same bits");
        Assert.That(noisy.Records, Is.EqualTo(quiet.Records));
        Assert.That(noisy.Totals, Is.Not.EqualTo(quiet.Totals), "the noise was there");
        Assert.That(poisoned.States, Is.EqualTo(quiet.States), "even if it is not a number");
        Assert.That(poisoned.Records, Is.EqualTo(quiet.Records));
    }

    [Test]
    public void A_row_that_needs_too_many_steps_is_given_up_alone()
    {
        Solution free = Solve(Mixed, 1e-6, 0, 1);
        int limit = free.Records.Max(record => record.AcceptedSteps + record.RejectedSteps) - 1;
        Solution solution = Solve(Mixed, 1e-6, 0, 1, new() { StepLimit = limit });
        for (int r = 0; r < Mixed.Length; r++)
        {
            if (free.Records[r].AcceptedSteps + free.Records[r].RejectedSteps <= limit)
            {
                Assert.That(solution.Row(r), Is.EqualTo(free.Row(r)), "same bits");
                Assert.That(solution.Records[r], Is.EqualTo(free.Records[r]));
                continue;
            }

            Assert.That(solution.Records[r].Status, Is.EqualTo(SolveStatus.StepLimit));
            Assert.That(solution.Records[r].AcceptedSteps + solution.Records[r].RejectedSteps, Is.EqualTo(limit));
            Assert.That(solution.Records[r].EndTime, Is.GreaterThan(0.5).And.LessThan(1));
        }

        Assert.That(solution.Records.Count(record => record.Status == SolveStatus.StepLimit), Is.EqualTo(1));
    }

    [Test]
    public void A_row_that_becomes_non_finite_is_marked_and_disturbs_no_other(
        [Values(double.NaN, double.PositiveInfinity)] double poison, [Values(-1, 0.5)] double after)
    {
        const int spoiled = 2;
        Solution clean = Solve(Mixed, 1e-6, 0, 1);
        Solution solution = Solve(
            Mixed, 1e-6, 0, 1, new() { Disturbance = (row, t) => row == spoiled && t > after ? poison : 0 });
        Assert.That(solution.Records[spoiled].Status, Is.EqualTo(SolveStatus.NonFinite));

        // Steps shrink towards the last time that can be evaluated: from below, to within the smallest step.
        Assert.That(solution.Records[spoiled].EndTime, Is.EqualTo(Math.Max(after, 0)).Within(1e-10).And.LessThanOrEqualTo(Math.Max(after, 0)));
        for (int r = 0; r < Mixed.Length; r++)
        {
            if (r != spoiled)
            {
                Assert.That(solution.Row(r), Is.EqualTo(clean.Row(r)), "same bits");
                Assert.That(solution.Records[r], Is.EqualTo(clean.Records[r]));
            }
        }
    }

    [Test]
    public void A_step_too_small_for_the_time_is_given_up()
    {
        // Noise of 1e12 that no smoothness lies under: h 1e12 is within 1e-6 only for steps that do not move t.
        const int rough = 4;
        int calls = 0;
        Solution clean = Solve(Mixed, 1e-6, 0, 1);
        Solution solution = Solve(
            Mixed, 1e-6, 0, 1, new() { Disturbance = (row, t) => row == rough && t > 0.5 ? 1e12 * Noise(row, calls++) : 0 });
        Assert.That(solution.Records[rough].Status, Is.EqualTo(SolveStatus.StepUnderflow));
        Assert.That(solution.Records[rough].EndTime, Is.EqualTo(0.5).Within(1e-6));
        Assert.That(solution.Row(0), Is.EqualTo(clean.Row(0)), "same bits");
    }

    [Test]
    public void A_solver_can_be_used_again_after_any_end()
    {
        using var cancelled = new CancellationTokenSource();
        using AdaptiveSolver solver = Solver(Mixed.Length, 1e-6);
        Solution first = Solve(solver, Mixed, 0, 1);
        Solution fewer = Solve(solver, Mixed[1..3], 0, 1);
        Solution broken = Solve(solver, Mixed, 0, 1, new() { Disturbance = (_, _) => double.NaN });
        Assert.That(
            () => Solve(solver, Mixed, 0, 1, new() { After = evaluations => CancelAt(20, evaluations, cancelled) }, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Solution again = Solve(solver, Mixed, 0, 1);
        Assert.That(fewer.Row(0), Is.EqualTo(first.Row(1)), "same bits");
        Assert.That(broken.Records.Select(record => record.Status), Is.All.EqualTo(SolveStatus.NonFinite));
        Assert.That(again.States.Concat(again.Totals), Is.EqualTo(first.States.Concat(first.Totals)), "same bits");
        Assert.That(again.Records, Is.EqualTo(first.Records));
    }

    [Test]
    public void Cancellation_is_seen_before_the_next_evaluation([Values(1, 2, 3, 20)] int evaluation)
    {
        using var source = new CancellationTokenSource();
        int done = 0;
        Assert.That(
            () => Solve(
                Mixed, 1e-6, 0, 1,
                new() { After = evaluations => CancelAt(evaluation, done = evaluations, source) },
                source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(done, Is.EqualTo(evaluation));
    }

    [Test]
    public void Tolerances_must_be_positive_and_finite(
        [Values(0, -1e-6, double.NaN, double.PositiveInfinity, double.NegativeInfinity)] double value, [Values] bool relative)
    {
        AdaptiveOptions options = relative ? new(value, 1e-6) : new(1e-6, value);
        string name = relative ? nameof(AdaptiveOptions.RelativeTolerance) : nameof(AdaptiveOptions.AbsoluteTolerance);
        Assert.That(
            options.Validate, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
        Assert.That(
            () => new AdaptiveSolver(backend!, ButcherTableau.DormandPrince5, options, 1, 1, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
    }

    [Test]
    public void A_limit_below_one_step_is_refused([Values(0, -1)] int steps) => Assert.That(
        new AdaptiveOptions(1e-6, 1e-6) { StepLimit = steps }.Validate,
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("StepLimit"));

    [Test]
    public void A_method_that_cannot_choose_its_steps_is_refused()
    {
        // Heun with Euler embedded has error weights, but its last stage is not the next step's first.
        var heun = new ButcherTableau("heun-euler", 2, [[], [1]], [0.5, 0.5], [-0.5, 0.5]);
        foreach (ButcherTableau tableau in ButcherTableau.All.Where(tableau => tableau.BError.IsEmpty).Append(heun))
        {
            Assert.That(
                () => new AdaptiveSolver(backend!, tableau, new AdaptiveOptions(1e-6, 1e-6), 1, 1, 0),
                Throws.ArgumentException.With.Property("ParamName").EqualTo("tableau").And.Message.Contains(tableau.Name));
        }
    }

    private static void CancelAt(int evaluation, int evaluations, CancellationTokenSource source)
    {
        if (evaluations == evaluation)
        {
            source.Cancel();
        }
    }

    private static double Noise(int row, int stage) => Philox.Block(1, RandomStream.Data, (uint)row, (uint)stage).Normal(0);

    private static double LargestError(Solution solution, RowDynamics.Trajectory[] rows, double start, double end) =>
        rows.Select((row, r) =>
        {
            (double x, double y, double first, double second) = row.Exact(start, end);
            double[] exact = [x, y, first, second];
            return exact.Zip(solution.Row(r), (e, a) => Math.Abs(e - a)).Max();
        }).Max();

    private AdaptiveSolver Solver(int rows, double tolerance, int largestSteps = 1000) => new(
        backend!, ButcherTableau.DormandPrince5, new AdaptiveOptions(tolerance, tolerance) { StepLimit = largestSteps }, rows, 2, 2);

    private Solution Solve(
        RowDynamics.Trajectory[] rows, double tolerance, double start, double end, Trial? trial = null, CancellationToken token = default)
    {
        using AdaptiveSolver solver = Solver(rows.Length, tolerance, trial?.StepLimit ?? 1000);
        return Solve(solver, rows, start, end, trial, token);
    }

    private Solution Solve(
        AdaptiveSolver solver, RowDynamics.Trajectory[] rows, double start, double end, Trial? trial = null, CancellationToken token = default)
    {
        trial ??= new Trial();
        using var dynamics = new RowDynamics(backend!, rows)
        {
            Disturbance = trial.Disturbance,
            RateNoise = trial.Noise,
            BeforeReturning = d => trial.After(d.Evaluations),
        };
        solver.Solve(dynamics, dynamics.Start, start, end, token);
        return new Solution(
            Workspace.Read(solver.EndState), Workspace.Read(solver.Totals), solver.Records[..rows.Length], dynamics.Calls, dynamics.Evaluations);
    }

    private sealed record Trial
    {
        public Func<int, double, double> Disturbance { get; init; } = (_, _) => 0;

        public Func<int, int, double> Noise { get; init; } = (_, _) => 0;

        public Action<int> After { get; init; } = _ => { };

        public int StepLimit { get; init; } = 1000;
    }

    private sealed record Solution(
        double[] States, double[] Totals, TrajectoryRecord[] Records, List<(int Row, double Time, int Stage)> Calls, int Evaluations)
    {
        /// <summary>x, y and both integrals of one row.</summary>
        public double[] Row(int row) => [States[2 * row], States[(2 * row) + 1], Totals[row], Totals[Records.Length + row]];
    }
}
