using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Randomness;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>
/// The published implementation's way to integrate a log-ratio, for comparison: Dopri5 with one step size for the whole batch, steps
/// cut to land on 100 output times, Gaussian probes redrawn at every evaluation, and the probed term inside the error norm.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="tolerance">Relative and absolute tolerance.</param>
/// <param name="seed">Seed of the probes.</param>
public sealed class ReferenceProcedure(ConditionalFlow flow, double tolerance, ulong seed)
{
    private const int OutputTimes = 100;
    private static readonly ButcherTableau Tableau = ButcherTableau.DormandPrince5;

    /// <summary>Head passes of one evaluation in that implementation: a product through two networks, then three full forwards.</summary>
    public const int UnitsPerEvaluation = 12;

    /// <summary>Estimates log-ratios along the numerator's field.</summary>
    /// <param name="points">Row-major <c>[n, d]</c>, in the flow's coordinates.</param>
    /// <param name="numerator">Condition above the line.</param>
    /// <param name="denominator">Condition below the line.</param>
    /// <param name="cancellation">Stops the solve.</param>
    /// <returns>Log-ratios in nats, and the number of evaluations.</returns>
    public (double[] Values, int Evaluations) Estimate(
        float[] points, Condition numerator, Condition denominator, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(points);
        int dimension = flow.Dimension;
        int rows = points.Length / dimension;
        using var dynamics = new LogDensityDynamics(
            flow,
            [numerator, denominator],
            [(numerator, 1)],
            DivergenceMethod.Hutchinson(1, ProbeDistribution.Gaussian),
            seed,
            rows);
        dynamics.SetSamples([.. Enumerable.Range(0, rows)]);
        using Matrix derivative = flow.Backend.CreateMatrix(rows, dimension);
        using Accumulator rates = flow.Backend.CreateAccumulator(rows, 2);
        int evaluations = 0;

        // State: x of all points, then their log-ratios.
        void Evaluate(double t, double[] y, double[] dy)
        {
            cancellation.ThrowIfCancellationRequested();
            dynamics.Points.Write<double>(y.AsSpan(0, rows * dimension));
            dynamics.Evaluate(t, evaluations++, derivative, rates);
            derivative.Read(dy.AsSpan(0, rows * dimension));
            double[] denominatorRate = new double[rows];
            rates.Read(0, dy.AsSpan(rows * dimension));
            rates.Read(1, denominatorRate);
            for (int r = 0; r < rows; r++)
            {
                dy[(rows * dimension) + r] -= denominatorRate[r];
            }
        }

        double[] state = new double[(rows * dimension) + rows];
        for (int i = 0; i < points.Length; i++)
        {
            state[i] = points[i];
        }

        Integrate(state, Evaluate);
        return ([.. state.AsSpan(rows * dimension).ToArray().Select(value => -value)], evaluations);
    }

    private void Integrate(double[] y, Action<double, double[], double[]> evaluate)
    {
        double[][] k = [.. Enumerable.Range(0, Tableau.Stages).Select(_ => new double[y.Length])];
        double[] stage = new double[y.Length];
        double t = 1;
        double step = 1.0 / (OutputTimes - 1);
        evaluate(t, y, k[0]);
        for (int output = 1; output < OutputTimes; output++)
        {
            double target = 1 - ((double)output / (OutputTimes - 1));
            while (t > target)
            {
                bool cut = t - step <= target + 1e-12;
                double h = cut ? target - t : -step;
                for (int i = 1; i < Tableau.Stages; i++)
                {
                    Combine(y, k, Tableau.A[i].AsSpan(), h, stage);
                    evaluate(t + (Tableau.C[i] * h), stage, k[i]);
                }

                double norm = ErrorNorm(y, stage, k, h);
                if (!double.IsFinite(norm))
                {
                    throw new InvalidOperationException($"The published procedure met a value that is not finite at time {t}.");
                }

                double factor = Math.Clamp(0.9 * Math.Pow(Math.Max(norm, 1e-10), -0.2), 0.2, 10);
                if (norm <= 1)
                {
                    t = cut ? target : t + h;
                    stage.CopyTo(y, 0);
                    (k[0], k[^1]) = (k[^1], k[0]);
                    step = cut ? Math.Max(step, Math.Abs(h) * factor) : Math.Abs(h) * factor;
                }
                else
                {
                    step = Math.Abs(h) * Math.Min(factor, 1);
                }
            }
        }
    }

    private static void Combine(double[] y, double[][] k, ReadOnlySpan<double> weights, double h, double[] result)
    {
        for (int j = 0; j < y.Length; j++)
        {
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * k[i][j];
            }

            result[j] = y[j] + (h * sum);
        }
    }

    private double ErrorNorm(double[] y, double[] next, double[][] k, double h)
    {
        double squares = 0;
        for (int j = 0; j < y.Length; j++)
        {
            double error = 0;
            for (int i = 0; i < Tableau.Stages; i++)
            {
                error += Tableau.BError[i] * k[i][j];
            }

            double scaled = h * error / (tolerance + (tolerance * Math.Max(Math.Abs(y[j]), Math.Abs(next[j]))));
            squares += scaled * scaled;
        }

        return Math.Sqrt(squares / y.Length);
    }
}
