using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Log-ratios or log-densities of a set of points.</summary>
public sealed class EstimationResult
{
    internal EstimationResult(
        double[] values,
        double[]? standardErrors,
        SolveStatus[] statuses,
        IReadOnlyList<TrajectoryFailure> failures,
        int evaluationsPerPoint)
    {
        Values = values;
        StandardErrors = standardErrors;
        Statuses = statuses;
        Failures = failures;
        EvaluationsPerPoint = evaluationsPerPoint;
    }

    /// <summary>One value per point, in nats; NaN where the status is not <see cref="SolveStatus.Converged"/>.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Standard error of each value that comes from the probes; null with fewer than two probe sequences.</summary>
    public IReadOnlyList<double>? StandardErrors { get; }

    /// <summary>Status of each trajectory.</summary>
    public IReadOnlyList<SolveStatus> Statuses { get; }

    /// <summary>Where and when trajectories failed; empty when all converged.</summary>
    public IReadOnlyList<TrajectoryFailure> Failures { get; }

    /// <summary>Evaluations of the flow per point.</summary>
    public int EvaluationsPerPoint { get; }

    /// <summary>Difference of two independent solves; a point has converged when both of its trajectories have.</summary>
    internal static EstimationResult Difference(EstimationResult above, EstimationResult below)
    {
        int count = above.Values.Count;
        double[] values = new double[count];
        double[]? errors = above.StandardErrors is null || below.StandardErrors is null ? null : new double[count];
        var statuses = new SolveStatus[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = above.Values[i] - below.Values[i];
            statuses[i] = above.Statuses[i] == SolveStatus.Converged ? below.Statuses[i] : above.Statuses[i];
            if (errors is not null)
            {
                // The probes are shared, so this is an upper estimate: their common part cancels in the value.
                errors[i] = above.StandardErrors![i] + below.StandardErrors![i];
            }
        }

        return new EstimationResult(
            values,
            errors,
            statuses,
            [.. above.Failures, .. below.Failures],
            above.EvaluationsPerPoint + below.EvaluationsPerPoint);
    }
}
