using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Solvers;

/// <summary>
/// x' = -3 t^2 x^2, y' = y (w cos(w t) - 3 t^2 x) with a frequency w per row, which sets how hard the row is: coupled, nonlinear,
/// not autonomous, and solved by 1/x = 1/x0 + t^3 and y/x = C exp(sin(w t)). The rates 3 t^2 x and w cos(w t) y / x integrate to
/// log(x(start) / x(end)) and C (exp(sin(w end)) - exp(sin(w start))).
/// </summary>
/// <param name="backend">Where the solver computes.</param>
/// <param name="rows">All rows of the solve: their frequencies and starting points.</param>
internal sealed class RowDynamics(ComputeBackend backend, IReadOnlyList<RowDynamics.Trajectory> rows) : IRowTimeDynamics, IDisposable
{
    private int[] active = [.. Enumerable.Range(0, rows.Count)];

    /// <summary>What the solver asked for, in order: row, time, stage number.</summary>
    public List<(int Row, double Time, int Stage)> Calls { get; } = [];

    /// <summary>Number of evaluations, whatever their rows.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Added to dy/dt.</summary>
    public Func<int, double, double> Disturbance { get; init; } = (_, _) => 0;

    /// <summary>Added to both rates.</summary>
    public Func<int, int, double> RateNoise { get; init; } = (_, _) => 0;

    /// <summary>Called after every evaluation.</summary>
    public Action<RowDynamics> BeforeReturning { get; init; } = _ => { };

    /// <inheritdoc/>
    public Matrix Points { get; } = backend.CreateMatrix(rows.Count, 2);

    /// <inheritdoc/>
    public int RateSeries => 2;

    /// <summary>Starting points of all rows.</summary>
    public float[] Start => [.. rows.SelectMany(row => new[] { row.X, row.Y })];

    /// <inheritdoc/>
    public void Evaluate(double time, int stage, Matrix derivative, Accumulator rates) =>
        throw new NotSupportedException("Rows have times of their own.");

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> times, ReadOnlySpan<int> stages, Matrix derivative, Accumulator rates)
    {
        Assert.That(times.Length, Is.EqualTo(active.Length));
        Assert.That(stages.Length, Is.EqualTo(active.Length));
        double[] points = Workspace.Read(Points), slopes = new double[points.Length];
        double[] first = new double[active.Length], second = new double[active.Length];
        for (int r = 0; r < active.Length; r++)
        {
            double t = times[r], x = points[2 * r], y = points[(2 * r) + 1], w = rows[active[r]].Frequency;
            Calls.Add((active[r], t, stages[r]));
            slopes[2 * r] = -3 * t * t * x * x;
            slopes[(2 * r) + 1] = (y * ((w * Math.Cos(w * t)) - (3 * t * t * x))) + Disturbance(active[r], t);
            first[r] = (3 * t * t * x) + RateNoise(active[r], stages[r]);
            second[r] = (w * Math.Cos(w * t) * y / x) + RateNoise(active[r], stages[r]);
        }

        derivative.Write<double>(slopes);
        rates.Write(0, first);
        rates.Write(1, second);
        Evaluations++;
        BeforeReturning(this);
    }

    /// <inheritdoc/>
    public void Keep(ReadOnlySpan<int> rows)
    {
        int[] kept = [.. rows.ToArray().Select(row => active[row])];
        active = kept;
        Points.Resize(kept.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => Points.Dispose();

    /// <summary>One row.</summary>
    /// <param name="Frequency">w.</param>
    /// <param name="X">x at the start.</param>
    /// <param name="Y">y at the start.</param>
    internal readonly record struct Trajectory(double Frequency, float X = 0.5f, float Y = 0.75f)
    {
        /// <summary>x, y and both integrals at the end.</summary>
        public (double X, double Y, double First, double Second) Exact(double start, double end)
        {
            double x = 1 / ((1.0 / X) + (end * end * end) - (start * start * start));
            double constant = (double)Y / X / Math.Exp(Math.Sin(Frequency * start));
            double y = x * constant * Math.Exp(Math.Sin(Frequency * end));
            return (x, y, Math.Log(X / x), (y / x) - ((double)Y / X));
        }
    }
}
