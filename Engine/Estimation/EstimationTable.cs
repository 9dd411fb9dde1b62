using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Raw results while an estimation runs: values by output, probe sequence and point; records and diagnostics by point.</summary>
internal sealed class EstimationTable
{
    private readonly double[][][] values;
    private double[]? disagreements;
    private double[]? sourceDeviations;

    public EstimationTable(int outputs, int sequences, int count)
    {
        values = [.. Enumerable.Range(0, outputs).Select(_ => Enumerable.Range(0, sequences).Select(_ => new double[count]).ToArray())];
        Records = new TrajectoryRecord[count];
        PointIsFinite = new bool[count];
    }

    public TrajectoryRecord[] Records { get; }

    public bool[] PointIsFinite { get; }

    public double[] Values(int output, int sequence) => values[output][sequence];

    public void SetDisagreements(int start, ReadOnlySpan<double> chunk) => Store(start, chunk, ref disagreements);

    public void SetSourceDeviations(int start, ReadOnlySpan<double> chunk) => Store(start, chunk, ref sourceDeviations);

    /// <summary>Takes over finer values of some points.</summary>
    /// <param name="finer">Values with twice the nodes.</param>
    /// <param name="points">The points they belong to.</param>
    /// <param name="tolerance">Largest change that counts as converged.</param>
    /// <returns>The points that are still open.</returns>
    public int[] Refine(EstimationTable finer, int[] points, double tolerance)
    {
        List<int> open = [];
        for (int i = 0; i < points.Length; i++)
        {
            int point = points[i];
            bool agrees = true;
            for (int output = 0; output < values.Length; output++)
            {
                agrees &= Math.Abs(finer.Mean(output, i) - Mean(output, point)) <= tolerance
                    && finer.StandardError(output, i) <= tolerance;
                for (int k = 0; k < values[output].Length; k++)
                {
                    values[output][k][point] = finer.values[output][k][i];
                }
            }

            TrajectoryRecord before = Records[point], after = finer.Records[i];
            PointIsFinite[point] = finer.PointIsFinite[i];
            Records[point] = after with { Evaluations = before.Evaluations + after.Evaluations };
            if (disagreements is not null && finer.disagreements is not null)
            {
                disagreements[point] = Math.Max(disagreements[point], finer.disagreements[i]);
            }

            if (sourceDeviations is not null && finer.sourceDeviations is not null)
            {
                sourceDeviations[point] = finer.sourceDeviations[i];
            }

            if (!agrees && after.Status == SolveStatus.Converged)
            {
                open.Add(point);
            }
        }

        return [.. open];
    }

    /// <summary>Marks points whose accuracy was not reached.</summary>
    public void MarkOpen(int[] points)
    {
        foreach (int point in points)
        {
            Records[point] = Records[point] with { Status = SolveStatus.ToleranceNotReached };
        }
    }

    /// <summary>One result per output.</summary>
    public EstimationResult[] ToResults(int[] samples)
    {
        List<TrajectoryFailure> failures = [];
        for (int i = 0; i < Records.Length; i++)
        {
            if (!HasValue(Records[i].Status))
            {
                failures.Add(new TrajectoryFailure(samples[i], Records[i].EndTime, Records[i].Status, Quantity(i)));
            }
        }

        return [.. Enumerable.Range(0, values.Length).Select(output => ToResult(output, failures))];
    }

    private static bool HasValue(SolveStatus status) => status is SolveStatus.Converged or SolveStatus.ToleranceNotReached;

    /// <summary>Keeps a chunk of a diagnostic; one that is never given stays null.</summary>
    private void Store(int start, ReadOnlySpan<double> chunk, ref double[]? diagnostic)
    {
        if (!chunk.IsEmpty)
        {
            diagnostic ??= new double[Records.Length];
            chunk.CopyTo(diagnostic.AsSpan(start));
        }
    }

    private string Quantity(int point) =>
        Records[point].Status != SolveStatus.NonFinite ? "step size" : PointIsFinite[point] ? "log-density" : "point";

    private EstimationResult ToResult(int output, List<TrajectoryFailure> failures)
    {
        int sequences = values[output].Length;
        double[] means = new double[Records.Length];
        double[]? errors = sequences > 1 ? new double[Records.Length] : null;
        for (int i = 0; i < means.Length; i++)
        {
            bool usable = HasValue(Records[i].Status);
            means[i] = usable ? Mean(output, i) : double.NaN;
            if (errors is not null)
            {
                errors[i] = usable ? StandardError(output, i) : double.NaN;
            }
        }

        return new EstimationResult(means, errors, disagreements, sourceDeviations, Records, failures);
    }

    /// <summary>Standard error over the probe sequences; 0 with a single one (an exact divergence).</summary>
    private double StandardError(int output, int point)
    {
        int sequences = values[output].Length;
        double mean = Mean(output, point);
        double squares = 0;
        foreach (double[] sequence in values[output])
        {
            squares += (sequence[point] - mean) * (sequence[point] - mean);
        }

        return sequences > 1 ? Math.Sqrt(squares / (sequences - 1) / sequences) : 0;
    }

    private double Mean(int output, int point)
    {
        double sum = 0;
        foreach (double[] sequence in values[output])
        {
            sum += sequence[point];
        }

        return sum / values[output].Length;
    }
}
