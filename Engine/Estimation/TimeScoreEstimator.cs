using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Solvers;
using MathNet.Numerics.Integration;

namespace FlowRatio.Engine.Estimation;

/// <summary>
/// Log-ratios from a time score: log q(x) - log p(x) = integral of d/dt log p_t(x) over t at fixed x, from the path's first time to its
/// last. A point's result does not depend on the other points.
/// </summary>
public sealed class TimeScoreEstimator : IDisposable
{
    private readonly Func<int, ITimeScore> create;
    private readonly int dimension;
    private readonly double firstTime;
    private readonly double lastTime;
    private readonly GaussLegendreRule rule = new(0, 1, TimeScoreIntegration.NodesPerPanel);
    private ITimeScore? score;
    private int capacity;

    /// <summary>Prepares a trained model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="options">How to integrate; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TimeScoreEstimator(TimeScoreModel model, ComputeBackend backend, TimeScoreIntegration? options = null)
        : this(
            rows => new NetworkTimeScore(backend, model, rows),
            (model ?? throw new ArgumentNullException(nameof(model))).Network.Shape.Dimension,
            (model.Path.FirstTime, model.Path.LastTime),
            options) => ArgumentNullException.ThrowIfNull(backend);

    /// <summary>Prepares any time score, made for a number of rows.</summary>
    internal TimeScoreEstimator(
        Func<int, ITimeScore> create, int dimension, (double First, double Last) interval, TimeScoreIntegration? options)
    {
        Options = options ?? new TimeScoreIntegration();
        Options.Validate();
        this.create = create;
        this.dimension = dimension;
        (firstTime, lastTime) = interval;
    }

    /// <summary>How the score is integrated.</summary>
    public TimeScoreIntegration Options { get; }

    /// <summary>Estimates the log-ratio of every point.</summary>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="progress">Told after every chunk.</param>
    /// <param name="cancellation">Looked at before every value of a chunk.</param>
    /// <returns>Nats; evaluations are those of all values that a point needed, coarse ones included.</returns>
    /// <exception cref="ArgumentException">The points have the wrong length or a value that is not finite.</exception>
    public EstimationResult Estimate(
        ReadOnlySpan<float> points, IProgress<EstimationProgress>? progress = null, CancellationToken cancellation = default)
    {
        int count = BoundModel.RequirePoints(points, dimension);
        double[] values = new double[count];
        var records = new TrajectoryRecord[count];
        for (int start = 0; start < count; start += Options.ChunkRows)
        {
            int rows = Math.Min(Options.ChunkRows, count - start);
            Integrate(
                points.Slice(start * dimension, rows * dimension), values.AsSpan(start, rows), records.AsSpan(start, rows), cancellation);
            progress?.Report(new EstimationProgress(start + rows, count));
        }

        List<TrajectoryFailure> failures = [];
        for (int i = 0; i < count; i++)
        {
            if (records[i].Status == SolveStatus.NonFinite)
            {
                failures.Add(new TrajectoryFailure(i, records[i].EndTime, SolveStatus.NonFinite, "time score"));
            }
        }

        return new EstimationResult(values, null, null, null, records, failures);
    }

    /// <inheritdoc/>
    public void Dispose() => score?.Dispose();

    private void Integrate(
        ReadOnlySpan<float> points, Span<double> values, Span<TrajectoryRecord> records, CancellationToken cancellation)
    {
        int rows = values.Length;
        ITimeScore evaluated = Workspace(rows);
        int[] open = [.. Enumerable.Range(0, rows)];
        values.Fill(double.NaN);
        int evaluations = 0;
        using Accumulator total = evaluated.Backend.CreateAccumulator(rows);
        for (int panels = TimeScoreIntegration.FirstPanels; open.Length > 0 && panels <= Options.LargestPanels; panels *= 2)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] finer = Sum(evaluated, points, open, panels, total);
            evaluations += panels * TimeScoreIntegration.NodesPerPanel;
            List<int> remaining = [];
            for (int i = 0; i < open.Length; i++)
            {
                int row = open[i];
                double change = Math.Abs(finer[i] - values[row]);
                values[row] = double.IsFinite(finer[i]) ? finer[i] : double.NaN;
                SolveStatus status = !double.IsFinite(finer[i]) ? SolveStatus.NonFinite
                    : change <= Options.Tolerance ? SolveStatus.Converged
                    : SolveStatus.ToleranceNotReached;
                records[row] = new TrajectoryRecord(status, lastTime, evaluations, panels, 0);
                if (status == SolveStatus.ToleranceNotReached)
                {
                    remaining.Add(row);
                }
            }

            open = [.. remaining];
        }
    }

    private double[] Sum(ITimeScore evaluated, ReadOnlySpan<float> points, int[] open, int panels, Accumulator total)
    {
        float[] selected = new float[open.Length * dimension];
        for (int i = 0; i < open.Length; i++)
        {
            points.Slice(open[i] * dimension, dimension).CopyTo(selected.AsSpan(i * dimension));
        }

        evaluated.Resize(open.Length);
        evaluated.Points.Write<float>(selected);
        total.Resize(open.Length);
        total.Clear();
        double width = (lastTime - firstTime) / panels;
        for (int panel = 0; panel < panels; panel++)
        {
            for (int node = 0; node < TimeScoreIntegration.NodesPerPanel; node++)
            {
                double t = firstTime + (width * (panel + rule.Abscissas[node]));
                evaluated.Backend.AddRowSums(evaluated.Evaluate(t), width * rule.Weights[node], 0, total);
            }
        }

        double[] sums = new double[open.Length];
        total.Read(0, sums);
        return sums;
    }

    private ITimeScore Workspace(int rows)
    {
        if (score is null || capacity < rows)
        {
            // Forgotten before the next one is made: if there is no memory for that, nobody meets the disposed one again.
            score?.Dispose();
            (score, capacity) = (null, 0);
            score = create(rows);
            capacity = rows;
        }

        return score;
    }
}
