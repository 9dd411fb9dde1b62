using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Solvers;

/// <summary>
/// Adaptive integration with a step size per trajectory. The controller sees the embedded error of x and, where the rates are free of
/// noise (<see cref="RateControl"/>), the error of what is reported of their integrals. The noise of probes must not steer the steps: with
/// it the tolerance is that of x alone. Trajectories that have finished leave the batch, so the work follows each trajectory's difficulty.
/// </summary>
public sealed class AdaptiveSolver : IDisposable
{
    private const double DoubleRoundoff = 2.220446049250313e-16;
    private const double SmallestGuess = 1e-6;
    private const double SmallestSteered = 1e-9;
    private static readonly double[] One = [1];
    private static readonly double[] Change = [-1, 1];

    private readonly ComputeBackend backend;
    private readonly AdaptiveOptions options;
    private readonly StepController controller;
    private readonly RateErrors? rateErrors;
    private readonly int stages;
    private readonly double[] bError;
    private readonly Matrix[] derivatives;
    private readonly Accumulator[] rates;
    private readonly Matrix next;
    private readonly Accumulator steps;
    private readonly Accumulator norms;
    private readonly IndexBuffer destinations;
    private readonly IndexBuffer slots;
    private readonly Row[] rows;
    private readonly double[] stepValues;
    private readonly double[] normValues;
    private readonly double[] rateErrorValues;
    private readonly double[] stageTimes;
    private readonly int[] stageNumbers;
    private readonly int[] indices;
    private readonly int[] slotNumbers;
    private readonly double[] guess;
    private readonly double[] stateNorms;
    private readonly double[] derivativeNorms;
    private readonly Matrix[] stateAlone = new Matrix[1];
    private Matrix state;
    private Matrix spareState;
    private Accumulator spareRates;
    private int active;

    /// <summary>Allocates what a solve needs.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="tableau">A method with an embedded error estimate whose last stage is the next step's first.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <param name="capacity">Largest number of trajectories per solve.</param>
    /// <param name="dimension">Dimension of x.</param>
    /// <param name="rateSeries">Quadratures per trajectory (at least one is allocated).</param>
    /// <param name="control">What of the quadratures is held to a tolerance as well; null where rates are noisy, or do not matter.</param>
    /// <exception cref="ArgumentException">The tableau has no error estimate, or its last stage is not the next step's first.</exception>
    public AdaptiveSolver(
        ComputeBackend backend,
        ButcherTableau tableau,
        AdaptiveOptions options,
        int capacity,
        int dimension,
        int rateSeries,
        RateControl? control = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(tableau);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (tableau.BError.IsEmpty || !tableau.FirstSameAsLast)
        {
            throw new ArgumentException(
                $"tableau '{tableau}' cannot choose its steps: an embedded error estimate and first-same-as-last are needed.",
                nameof(tableau));
        }

        this.backend = backend;
        this.options = options;
        Tableau = tableau;
        controller = new StepController(tableau.Order);
        stages = tableau.Stages;
        bError = [.. tableau.BError];
        int series = Math.Max(1, rateSeries);
        derivatives = [.. Enumerable.Range(0, stages).Select(_ => backend.CreateMatrix(capacity, dimension))];
        rates = [.. Enumerable.Range(0, stages).Select(_ => backend.CreateAccumulator(capacity, series))];
        spareRates = backend.CreateAccumulator(capacity, series);
        state = backend.CreateMatrix(capacity, dimension);
        spareState = backend.CreateMatrix(capacity, dimension);
        next = backend.CreateMatrix(capacity, dimension);
        EndState = backend.CreateMatrix(capacity, dimension);
        Totals = backend.CreateAccumulator(capacity, series);
        steps = backend.CreateAccumulator(capacity);
        norms = backend.CreateAccumulator(capacity);
        destinations = backend.CreateIndices(capacity);
        slots = backend.CreateIndices(capacity);
        rows = new Row[capacity];
        Records = new TrajectoryRecord[capacity];
        stepValues = new double[capacity];
        normValues = new double[capacity];
        rateErrorValues = new double[capacity];
        rateErrors = control is null ? null : new RateErrors(backend, tableau, control, capacity, series);
        stageTimes = new double[capacity];
        stageNumbers = new int[capacity];
        indices = new int[capacity];
        slotNumbers = new int[capacity];
        guess = new double[capacity];
        stateNorms = new double[capacity];
        derivativeNorms = new double[capacity];
    }

    /// <summary>The method.</summary>
    public ButcherTableau Tableau { get; }

    /// <summary>x at the end of each trajectory, <c>[1; rows, d]</c>.</summary>
    public Matrix EndState { get; }

    /// <summary>Integrals of the rates from start to end.</summary>
    public Accumulator Totals { get; }

    /// <summary>What happened to each trajectory of the last solve.</summary>
    public TrajectoryRecord[] Records { get; }

    /// <summary>Integrates a batch.</summary>
    /// <param name="dynamics">Right-hand side, with a time per row and of as many rows as the start.</param>
    /// <param name="initial">x at the start, row-major <c>[rows, d]</c>.</param>
    /// <param name="start">First time.</param>
    /// <param name="end">Last time; may be smaller.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    public void Solve(
        IRowTimeDynamics dynamics, ReadOnlySpan<float> initial, double start, double end, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dynamics);
        if (initial.IsEmpty || initial.Length % state.Columns != 0)
        {
            throw new ArgumentException(
                $"initial has {initial.Length} values; a positive multiple of the dimension {state.Columns} is needed.", nameof(initial));
        }

        active = initial.Length / state.Columns;
        EndState.Resize(active);
        Totals.Resize(active);
        Totals.Clear();
        ResizeActive();
        state.Write(initial);
        for (int r = 0; r < active; r++)
        {
            rows[r] = new Row { Slot = r, Time = start, PreviousNorm = 1 };
        }

        ChooseFirstSteps(dynamics, end - start, cancellation);
        while (active > 0)
        {
            TryStep(dynamics, end, cancellation);
            Decide(end);
            Compact(dynamics);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable item in (IDisposable[])
                 [
                     .. derivatives, .. rates, spareRates, state, spareState, next, EndState, Totals, steps, norms, destinations, slots,
                 ])
        {
            item.Dispose();
        }

        rateErrors?.Dispose();
    }

    /// <summary>Steps below this no longer move the time.</summary>
    private static double Underflow(double time) => 16 * DoubleRoundoff * Math.Max(Math.Abs(time), 1);

    private void ResizeActive()
    {
        foreach (Matrix derivative in derivatives)
        {
            derivative.Resize(active);
        }

        foreach (Accumulator rate in rates)
        {
            rate.Resize(active);
        }

        state.Resize(active);
        spareState.Resize(active);
        spareRates.Resize(active);
        next.Resize(active);
        steps.Resize(active);
        norms.Resize(active);
        destinations.Resize(active);
        slots.Resize(active);
        rateErrors?.Resize(active);
    }

    /// <summary>One evaluation at the start and one a small Euler step further give each row its first step size.</summary>
    private void ChooseFirstSteps(IRowTimeDynamics dynamics, double span, CancellationToken cancellation)
    {
        backend.CombineRows(state, derivatives, [], steps, dynamics.Points);
        EvaluateStage(dynamics, 0, cancellation);

        // Norms in units of the tolerance: of x, of the derivative, of its change.
        Norm(One, ofState: true, stateNorms);
        Norm(One, ofState: false, derivativeNorms);
        double direction = Math.Sign(span);
        for (int r = 0; r < active; r++)
        {
            double first = StepController.FirstGuess(stateNorms[r], derivativeNorms[r]);
            guess[r] = Math.Min(double.IsFinite(first) ? first : SmallestGuess, Math.Abs(span));
            stepValues[r] = direction * guess[r];
        }

        steps.Write(0, stepValues.AsSpan(0, active));
        backend.CombineRows(state, derivatives, One, steps, dynamics.Points);
        for (int r = 0; r < active; r++)
        {
            rows[r].Step = stepValues[r];
        }

        EvaluateStage(dynamics, 1, cancellation, offset: 1);
        Norm(Change, ofState: false, normValues);
        for (int r = 0; r < active; r++)
        {
            double step = controller.Start(guess[r], derivativeNorms[r], normValues[r] / guess[r]);
            rows[r].Step = direction * (double.IsFinite(step) ? Math.Min(step, Math.Abs(span)) : guess[r]);
        }
    }

    /// <summary>Size of the state, or of a combination of derivatives, in units of the tolerance.</summary>
    private void Norm(double[] coefficients, bool ofState, double[] values)
    {
        stepValues.AsSpan(0, active).Fill(1);
        steps.Write(0, stepValues.AsSpan(0, active));
        Matrix[] terms = ofState ? stateAlone : derivatives;
        stateAlone[0] = state;
        backend.ErrorNorms(state, state, terms, coefficients, steps, options.AbsoluteTolerance, options.RelativeTolerance, norms);
        norms.Read(0, values.AsSpan(0, active));
    }

    private void TryStep(IRowTimeDynamics dynamics, double end, CancellationToken cancellation)
    {
        for (int r = 0; r < active; r++)
        {
            double rest = end - rows[r].Time;

            // The last step lands on the end exactly; a remainder of a few roundings is not worth a step of its own.
            rows[r].IsLast = Math.Abs(rows[r].Step) >= Math.Abs(rest) * (1 - 1e-10);
            stepValues[r] = rows[r].IsLast ? rest : rows[r].Step;
            rows[r].Step = stepValues[r];
        }

        steps.Write(0, stepValues.AsSpan(0, active));
        for (int i = 1; i < stages; i++)
        {
            backend.CombineRows(state, derivatives, Tableau.A[i].AsSpan(), steps, dynamics.Points);
            EvaluateStage(dynamics, i, cancellation);
        }

        // The last stage was taken at the end of the step; its point is the next state.
        backend.CombineRows(state, derivatives, Tableau.A[stages - 1].AsSpan(), steps, next);
        backend.ErrorNorms(
            state, next, derivatives, bError, steps, options.AbsoluteTolerance, options.RelativeTolerance, norms);
        norms.Read(0, normValues.AsSpan(0, active));
        rateErrors?.Estimate(rates, steps, rateErrorValues.AsSpan(0, active));
    }

    private void EvaluateStage(IRowTimeDynamics dynamics, int stage, CancellationToken cancellation, double? offset = null)
    {
        cancellation.ThrowIfCancellationRequested();
        for (int r = 0; r < active; r++)
        {
            stageTimes[r] = rows[r].Time + ((offset ?? Tableau.C[stage]) * rows[r].Step);

            // A retry after a rejection uses the same probes: neither x nor the step size depends on them.
            stageNumbers[r] = (rows[r].Accepted * (stages - 1)) + stage;
            rows[r].Evaluations++;
        }

        dynamics.Evaluate(stageTimes.AsSpan(0, active), stageNumbers.AsSpan(0, active), derivatives[stage], rates[stage]);
    }

    private void Decide(double end)
    {
        for (int r = 0; r < active; r++)
        {
            ref Row row = ref rows[r];
            double norm = Math.Max(normValues[r], RateNorm(row, rateErrorValues[r]));
            bool accepted = norm <= 1;
            indices[r] = accepted ? r : -1;
            slotNumbers[r] = row.Slot;
            stepValues[r] = accepted ? row.Step : 0;
            double factor = accepted
                ? controller.AfterAccepted(norm, row.PreviousNorm, row.JustRejected)
                : controller.AfterRejected(norm, row.JustRejected);
            if (accepted)
            {
                row.Accepted++;
                row.Time = row.IsLast ? end : row.Time + row.Step;
                row.PreviousNorm = norm;
                row.SquaredError += rateErrorValues[r] * rateErrorValues[r];
            }
            else
            {
                row.Rejected++;
            }

            row.JustRejected = !accepted;
            bool finished = accepted && row.IsLast;
            double step = row.Step * factor;
            row.Status = finished ? (rateErrors?.IsWithin(row.SquaredError) ?? true ? SolveStatus.Converged : SolveStatus.ToleranceNotReached)
                : Math.Abs(step) < Underflow(row.Time) ? double.IsFinite(norm) ? SolveStatus.StepUnderflow : SolveStatus.NonFinite
                : row.Accepted + row.Rejected >= options.StepLimit ? SolveStatus.StepLimit
                : null;
            row.Step = step;
        }

        Accept();
    }

    /// <summary>
    /// Error of a step's rates in units of what it may be. Past half of the step limit, and where steps are tiny, only the point steers, so
    /// that a value that cannot reach its tolerance still comes, and says so. One that is not a number steers nothing, at this step or later.
    /// </summary>
    private double RateNorm(in Row row, double error)
    {
        bool isGivenUp = row.Accepted + row.Rejected >= options.StepLimit / 2 || Math.Abs(row.Step) < SmallestSteered;
        return rateErrors is null || isGivenUp || !double.IsFinite(error + row.SquaredError) ? 0 : rateErrors.Norm(error, row.SquaredError);
    }

    private void Accept()
    {
        slots.Write(slotNumbers.AsSpan(0, active));
        steps.Write(0, stepValues.AsSpan(0, active));
        for (int i = 0; i < stages; i++)
        {
            if (Tableau.B[i] != 0)
            {
                backend.AddScaledRows(rates[i], steps, Tableau.B[i], slots, Totals);
            }
        }

        destinations.Write(indices.AsSpan(0, active));
        backend.StoreRows(next, destinations, state);
        backend.StoreRows(derivatives[^1], destinations, derivatives[0]);
        backend.StoreSums(rates[^1], destinations, rates[0]);
    }

    /// <summary>Writes out the rows that have ended and closes the gaps.</summary>
    private void Compact(IRowTimeDynamics dynamics)
    {
        int kept = 0;
        for (int r = 0; r < active; r++)
        {
            ref Row row = ref rows[r];
            indices[r] = row.Status is null ? -1 : row.Slot;
            kept += row.Status is null ? 1 : 0;
            if (row.Status is { } status)
            {
                Records[row.Slot] = new TrajectoryRecord(status, row.Time, row.Evaluations, row.Accepted, row.Rejected)
                {
                    RateError = rateErrors?.Total(row.SquaredError) ?? double.NaN,
                };
            }
        }

        if (kept == active)
        {
            return;
        }

        destinations.Write(indices.AsSpan(0, active));
        backend.StoreRows(state, destinations, EndState);
        if (kept == 0)
        {
            active = 0;
            return;
        }

        kept = 0;
        for (int r = 0; r < active; r++)
        {
            bool survives = rows[r].Status is null;
            indices[r] = survives ? kept : -1;
            if (survives)
            {
                slotNumbers[kept] = r;
                rows[kept++] = rows[r];
            }
        }

        destinations.Write(indices.AsSpan(0, active));
        spareState.Resize(kept);
        spareRates.Resize(kept);
        backend.StoreRows(state, destinations, spareState);
        (state, spareState) = (spareState, state);
        spareState.Resize(kept);
        backend.StoreRows(derivatives[0], destinations, spareState);
        (derivatives[0], spareState) = (spareState, derivatives[0]);
        backend.StoreSums(rates[0], destinations, spareRates);
        (rates[0], spareRates) = (spareRates, rates[0]);
        active = kept;
        ResizeActive();
        dynamics.Keep(slotNumbers.AsSpan(0, kept));
    }

    private record struct Row
    {
        public int Slot;
        public double Time;
        public double Step;
        public double PreviousNorm;
        public bool JustRejected;
        public bool IsLast;
        public int Accepted;
        public int Rejected;
        public int Evaluations;
        public double SquaredError;
        public SolveStatus? Status;
    }
}
