using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Solvers;

/// <summary>The stage loop: integrates a batch of trajectories and their quadratures with steps of equal size.</summary>
public sealed class FixedStepSolver : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly Matrix[] derivatives;
    private readonly double[] coefficients;
    private readonly Matrix state;
    private readonly Accumulator rates;
    private readonly RepeatedWork repeatedStep;

    /// <summary>Allocates what a solve needs.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="tableau">The method.</param>
    /// <param name="rows">Largest number of trajectories per solve.</param>
    /// <param name="dimension">Dimension of x.</param>
    /// <param name="rateSeries">Quadratures per trajectory (at least one is allocated).</param>
    public FixedStepSolver(ComputeBackend backend, ButcherTableau tableau, int rows, int dimension, int rateSeries)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(tableau);
        this.backend = backend;
        Tableau = tableau;
        derivatives = [.. Enumerable.Range(0, tableau.StagesWithoutError).Select(_ => backend.CreateMatrix(rows, dimension))];
        coefficients = new double[derivatives.Length];
        state = backend.CreateMatrix(rows, dimension);
        rates = backend.CreateAccumulator(rows, Math.Max(1, rateSeries));
        Totals = backend.CreateAccumulator(rows, Math.Max(1, rateSeries));
        FirstFailure = backend.CreateIndices(rows);
        repeatedStep = backend.CreateRepeatedWork();
    }

    /// <summary>The method.</summary>
    public ButcherTableau Tableau { get; }

    /// <summary>x: written by the caller before a solve, at the end time afterwards; <c>[1; rows, d]</c>.</summary>
    public Matrix State => state;

    /// <summary>Integrals of the rates from start to end.</summary>
    public Accumulator Totals { get; }

    /// <summary>Per trajectory 0, or the number (from 1) of the step after which a value was not finite.</summary>
    public IndexBuffer FirstFailure { get; }

    /// <summary>Sets the number of trajectories of the next solve.</summary>
    /// <param name="rows">Between 1 and the capacity.</param>
    public void Resize(int rows)
    {
        foreach (Matrix derivative in derivatives)
        {
            derivative.Resize(rows);
        }

        state.Resize(rows);
        rates.Resize(rows);
        Totals.Resize(rows);
        FirstFailure.Resize(rows);
    }

    /// <summary>Integrates <see cref="State"/> from <paramref name="start"/> to <paramref name="end"/>.</summary>
    /// <param name="dynamics">Right-hand side, of the same number of rows.</param>
    /// <param name="start">First time.</param>
    /// <param name="end">Last time; may be smaller.</param>
    /// <param name="steps">Number of steps, at least 1.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <returns>Evaluations per trajectory.</returns>
    public int Solve(ITrajectoryDynamics dynamics, double start, double end, int steps, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dynamics);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Totals.Clear();
        FirstFailure.Fill(0);
        int stages = derivatives.Length;
        double h = (end - start) / steps;
        for (int step = 0; step < steps; step++)
        {
            double t = start + ((end - start) * step / steps);
            repeatedStep.Begin();
            for (int i = 0; i < stages; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                CombineStages(Tableau.A[i].AsSpan(), h, dynamics.Points);
                dynamics.Evaluate(t + (Tableau.C[i] * h), (step * stages) + i, derivatives[i], rates);
                if (Tableau.B[i] != 0 && dynamics.RateSeries > 0)
                {
                    backend.AddScaled(rates, h * Tableau.B[i], Totals);
                }
            }

            CombineStages(Tableau.B.AsSpan(0, stages), h, state);
            backend.MarkNonFinite(state, Totals, step + 1, FirstFailure);
            repeatedStep.End();
        }

        return steps * stages;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        repeatedStep.Dispose();
        foreach (Matrix derivative in derivatives)
        {
            derivative.Dispose();
        }

        state.Dispose();
        rates.Dispose();
        Totals.Dispose();
        FirstFailure.Dispose();
    }

    private void CombineStages(ReadOnlySpan<double> weights, double h, Matrix output)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            coefficients[i] = h * weights[i];
        }

        backend.Combine(state, derivatives, coefficients.AsSpan(0, weights.Length), output);
    }
}
