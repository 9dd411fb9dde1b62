using FlowRatio.Engine.Solvers;

namespace FlowRatio.Engine.Estimation;

/// <summary>Log-ratios or log-densities of a set of points, with error bars, statuses and counts.</summary>
public sealed class EstimationResult
{
    internal EstimationResult(
        double[] values,
        double[]? standardErrors,
        double[]? disagreements,
        double[]? sourceDeviations,
        TrajectoryRecord[] trajectories,
        IReadOnlyList<TrajectoryFailure> failures)
    {
        Values = values;
        StandardErrors = standardErrors;
        Disagreements = disagreements;
        SourceDeviations = sourceDeviations;
        Trajectories = trajectories;
        Failures = failures;
    }

    /// <summary>One value per point, in nats; NaN where the trajectory has no usable end (see its status).</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Standard error of each value that comes from the probes; null with fewer than two probe sequences.</summary>
    public IReadOnlyList<double>? StandardErrors { get; }

    /// <summary>
    /// Per point the largest disagreement, along the trajectory, between the noise that score and velocity of a tracked condition
    /// predict (root mean square, in units of the noise). It is small where the condition was trained; large values mark ratios that
    /// are extrapolation. Null when it was not tracked or cannot be.
    /// </summary>
    public IReadOnlyList<double>? Disagreements { get; }

    /// <summary>
    /// Per point how far the end of its trajectory is from what noise looks like: | |x(0)|^2 - d | / sqrt(2 d). Large values mean
    /// that the simulating field was followed outside of what it was trained on. Null where trajectories are not followed to t = 0
    /// (quadrature of log-ratios).
    /// </summary>
    public IReadOnlyList<double>? SourceDeviations { get; }

    /// <summary>Status, end time and counts of each trajectory.</summary>
    public IReadOnlyList<TrajectoryRecord> Trajectories { get; }

    /// <summary>Where and when trajectories failed; empty when all converged.</summary>
    public IReadOnlyList<TrajectoryFailure> Failures { get; }

    /// <summary>Lower ends of the values' 90 % intervals; null where they are not known.</summary>
    public IReadOnlyList<double>? Low { get; private init; }

    /// <summary>Upper ends of the values' 90 % intervals; null where they are not known.</summary>
    public IReadOnlyList<double>? High { get; private init; }

    /// <summary>Mean number of evaluations of the flow per point.</summary>
    public double EvaluationsPerPoint => Trajectories.Average(trajectory => trajectory.Evaluations);

    /// <summary>Values that come from no trajectory.</summary>
    /// <param name="values">In nats.</param>
    /// <param name="errors">Standard deviation of the error of each.</param>
    /// <param name="low">Lower ends of 90 % intervals.</param>
    /// <param name="high">Upper ends.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static EstimationResult OfIntervals(double[] values, double[] errors, double[] low, double[] high)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        return errors.Length == values.Length && low.Length == values.Length && high.Length == values.Length
            ? new EstimationResult(values, errors, null, null, new TrajectoryRecord[values.Length], []) { Low = low, High = high }
            : throw new ArgumentException($"There are {values.Length} values, {errors.Length} errors, {low.Length} and {high.Length} ends.", nameof(values));
    }

    /// <summary>Status of one point.</summary>
    /// <param name="point">Index of the point.</param>
    public SolveStatus Status(int point) => Trajectories[point].Status;

    /// <summary>
    /// Mean of the values over all points, with its standard error over points: over samples of the numerator it estimates a
    /// Kullback-Leibler divergence or a mutual information.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A point has not converged: leaving it out would bias the mean just where the densities hardly overlap. Use
    /// <see cref="MeanEstimate.Of"/> on the values of your choice instead.
    /// </exception>
    public MeanEstimate Mean()
    {
        int open = Trajectories.Count(trajectory => trajectory.Status != SolveStatus.Converged);
        return open == 0
            ? MeanEstimate.Of(Values)
            : throw new InvalidOperationException($"{open} of {Values.Count} points have not converged; a mean without them is biased.");
    }

    /// <summary>
    /// Mean of several flows' estimates at the same points: flows that were trained with different seeds err independently in part, and
    /// their mean errs less than any of them (deep ensembles). A point has converged when all of its trajectories have.
    /// </summary>
    /// <param name="members">At least one result, all with as many points.</param>
    /// <returns>
    /// Means of values, disagreements and source deviations (where all members have them), standard errors of that mean from the probes (taken as
    /// independent: give each member's estimator a seed of its own), and the sum of all work.
    /// </returns>
    /// <exception cref="ArgumentException">None, or members of different length.</exception>
    public static EstimationResult MeanOf(IReadOnlyList<EstimationResult> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfZero(members.Count, nameof(members));
        int count = members[0].Values.Count;
        foreach (EstimationResult member in members)
        {
            if (member.Values.Count != count)
            {
                throw new ArgumentException($"members have {count} and {member.Values.Count} points.", nameof(members));
            }
        }

        double[]? Mean(Func<EstimationResult, IReadOnlyList<double>?> quantity) => members.Any(member => quantity(member) is null)
            ? null
            : [.. Enumerable.Range(0, count).Select(i => members.Average(member => quantity(member)![i]))];
        double[]? errors = members.Any(member => member.StandardErrors is null)
            ? null
            : [.. Enumerable.Range(0, count).Select(i => Math.Sqrt(members.Sum(member => Math.Pow(member.StandardErrors![i], 2))) / members.Count)];
        return new EstimationResult(
            Mean(member => member.Values)!,
            errors,
            Mean(member => member.Disagreements),
            Mean(member => member.SourceDeviations),
            [.. Enumerable.Range(0, count).Select(i => members.Select(member => member.Trajectories[i]).Aggregate(TrajectoryRecord.Together))],
            [.. members.SelectMany(member => member.Failures)]);
    }

    /// <summary>Difference of two solves; a point has converged when both of its trajectories have.</summary>
    internal static EstimationResult Difference(EstimationResult above, EstimationResult below)
    {
        int count = above.Values.Count;
        double[] values = new double[count];
        double[]? errors = above.StandardErrors is null || below.StandardErrors is null ? null : new double[count];
        var trajectories = new TrajectoryRecord[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = above.Values[i] - below.Values[i];
            trajectories[i] = TrajectoryRecord.Together(above.Trajectories[i], below.Trajectories[i]);
            if (errors is not null)
            {
                // The probes are shared, so this is an upper estimate: their common part cancels in the value.
                errors[i] = above.StandardErrors![i] + below.StandardErrors![i];
            }
        }

        return new EstimationResult(values, errors, null, null, trajectories, [.. above.Failures, .. below.Failures]);
    }
}
