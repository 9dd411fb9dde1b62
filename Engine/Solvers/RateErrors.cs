using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Solvers;

/// <summary>Per trajectory the largest error that a step makes in what is reported of its quadratures.</summary>
internal sealed class RateErrors : IDisposable
{
    private const double LargestShare = 0.2;

    private readonly ComputeBackend backend;
    private readonly RateControl control;
    private readonly double[] weights;
    private readonly Accumulator errors;
    private readonly IndexBuffer rows;
    private readonly double[][] series;
    private readonly int[] numbers;

    public RateErrors(ComputeBackend backend, ButcherTableau tableau, RateControl control, int capacity, int seriesCount)
    {
        this.backend = backend;
        this.control = control;
        weights = QuadratureError.Weights(tableau);
        errors = backend.CreateAccumulator(capacity, seriesCount);
        rows = backend.CreateIndices(capacity);
        series = [.. Enumerable.Range(0, seriesCount).Select(_ => new double[capacity])];
        numbers = [.. Enumerable.Range(0, capacity)];
    }

    /// <summary>
    /// Error of a step in units of what it may be: a share of what the steps before have left of the tolerance, so that all stay below it.
    /// </summary>
    /// <param name="error">The step's error.</param>
    /// <param name="squares">Sum of the squared errors of the steps before.</param>
    public double Norm(double error, double squares)
    {
        double wanted = Math.Max(control.Tolerance * control.Tolerance, 2 * control.Rounding * control.Rounding);
        double left = wanted - (control.Rounding * control.Rounding) - squares;
        return error == 0 ? 0 : error / (LargestShare * Math.Sqrt(Math.Max(left, 0)));
    }

    /// <summary>Error of the whole integral: the errors of steps have random signs.</summary>
    /// <param name="squares">Sum of the squared errors of all steps.</param>
    public double Total(double squares) => Math.Sqrt((control.Rounding * control.Rounding) + squares);

    /// <summary>Whether the whole integral is within the tolerance.</summary>
    /// <param name="squares">Sum of the squared errors of all steps.</param>
    public bool IsWithin(double squares) => Total(squares) <= control.Tolerance;

    /// <summary>Sets the number of trajectories.</summary>
    public void Resize(int active)
    {
        errors.Resize(active);
        rows.Resize(active);
        rows.Write(numbers.AsSpan(0, active));
    }

    /// <summary>Estimates the errors of one step.</summary>
    /// <param name="rates">Rates at the stages.</param>
    /// <param name="steps">h of each trajectory.</param>
    /// <param name="largest">Overwritten; not a number where a rate is none.</param>
    public void Estimate(ReadOnlySpan<Accumulator> rates, Accumulator steps, Span<double> largest)
    {
        errors.Clear();
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] != 0)
            {
                backend.AddScaledRows(rates[i], steps, weights[i], rows, errors);
            }
        }

        for (int s = 0; s < series.Length; s++)
        {
            errors.Read(s, series[s].AsSpan(0, largest.Length));
        }

        for (int r = 0; r < largest.Length; r++)
        {
            largest[r] = 0;
            foreach (double[] combination in control.Reported)
            {
                double error = 0;
                for (int s = 0; s < combination.Length; s++)
                {
                    error += combination[s] == 0 ? 0 : combination[s] * series[s][r];
                }

                // A value that is not a number wins.
                largest[r] = Math.Max(largest[r], Math.Abs(error));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        errors.Dispose();
        rows.Dispose();
    }
}
