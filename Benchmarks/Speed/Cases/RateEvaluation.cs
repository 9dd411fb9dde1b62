using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>
/// One evaluation of the log-ratio's right-hand side (one solver stage) with one probe, drawn anew each time: along S1, S2 or S3, or for
/// the naive baseline one evaluation of each of its two log-densities.
/// </summary>
internal sealed class RateEvaluation : ISpeedCase
{
    private const double Time = 0.4;
    private readonly ParameterBuffer parameters;
    private readonly (LogDensityDynamics Dynamics, Accumulator Rates)[] solves;
    private readonly Matrix derivative;
    private readonly RepeatedWork repeated;
    private int stage;

    /// <summary>Prepares the evaluation of so many points.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="width">Width of the heads.</param>
    /// <param name="points">Number of points.</param>
    /// <param name="field">The simulating field; null for the naive baseline.</param>
    public RateEvaluation(ComputeBackend backend, int width, int points, SimulatingField? field)
    {
        VelocityScoreNetwork network = SpeedNetwork.Create(width);
        parameters = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        var flow = new NetworkFlow(backend, network, parameters, PathSchedule.Deterministic);
        repeated = backend.CreateRepeatedWork();
        derivative = backend.CreateMatrix(points, SpeedNetwork.Dimension);
        Condition numerator = SpeedNetwork.Numerator, denominator = SpeedNetwork.Denominator;
        Condition[] pair = [numerator, denominator];
        (Condition[] Tracked, IReadOnlyList<(Condition, double)> Field)[] kinds = field is null
            ? [([numerator], [(numerator, 1)]), ([denominator], [(denominator, 1)])]
            : [(pair, field.Terms(1, pair))];
        solves = [.. kinds.Select(kind => (
            new LogDensityDynamics(flow, kind.Tracked, kind.Field, DivergenceMethod.Hutchinson(), 1, points),
            backend.CreateAccumulator(points, kind.Tracked.Length)))];
        foreach ((LogDensityDynamics dynamics, _) in solves)
        {
            dynamics.SetSamples([.. Enumerable.Range(0, points)]);
            dynamics.Points.Write<float>(SpeedNetwork.Normal(points, SpeedNetwork.Dimension, 2));
        }

        Work = new SpeedWork(points * kinds.Sum(kind => Flop(network.Shape, kind.Tracked, kind.Field)));
    }

    /// <inheritdoc/>
    public SpeedWork Work { get; }

    /// <inheritdoc/>
    public void Run()
    {
        repeated.Begin();
        foreach ((LogDensityDynamics dynamics, Accumulator rates) in solves)
        {
            dynamics.Evaluate(Time, stage++, derivative, rates);
        }

        repeated.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parameters.Dispose();
        derivative.Dispose();
        repeated.Dispose();
        foreach ((LogDensityDynamics dynamics, Accumulator rates) in solves)
        {
            dynamics.Dispose();
            rates.Dispose();
        }
    }

    private static double Flop(NetworkShape shape, Condition[] tracked, IReadOnlyList<(Condition Condition, double Weight)> field)
    {
        // Velocities of all conditions, tangents of the tracked ones, and a score wherever the field is not the condition's own velocity.
        int conditions = tracked.Union(field.Select(term => term.Condition)).Count();
        int scores = tracked.Count(condition => !field.Contains((condition, 1)));
        return SpeedNetwork.EvaluationFlop(shape, new StackLayout(conditions, tracked.Length, 1), scores);
    }
}
