using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Applications;

/// <summary>
/// Log-ratios of flows whose networks add nothing to their base, because the gate has closed both heads: the trajectory's integral is then the
/// base's own log-ratio at the data (t = 1, with the schedule's noise there), which is known and need not be integrated.
/// </summary>
internal static class ClosedRatio
{
    /// <summary>Whether a flow is its base.</summary>
    /// <param name="model">The flow.</param>
    public static bool IsKnown(FlowModel model) =>
        model.Base is not null && IsZero(model, model.Network.VelocityHead[^1]) && IsZero(model, model.Network.ScoreHead[^1]);

    /// <summary>log p(x | numerator) - log p(x | denominator) in nats, for several denominators.</summary>
    /// <param name="model">A flow that is its base.</param>
    /// <param name="points">Row-major <c>[n, d]</c>, in the units of the data.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominators">The conditions below the line.</param>
    /// <param name="threads">Threads to evaluate with.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <returns>One array per denominator.</returns>
    public static double[][] Of(
        FlowModel model, float[] points, Condition numerator, IReadOnlyList<Condition> denominators, int threads, CancellationToken cancellation)
    {
        BaseFlow flow = model.Base!;
        BaseDensity above = flow.Densities[flow.NumberOf(numerator)];
        BaseDensity[] below = [.. denominators.Select(condition => flow.Densities[flow.NumberOf(condition)])];
        int dimension = model.Dimension, rows = points.Length / dimension;
        float[] places = (float[])points.Clone();
        model.Standardization?.Apply(points, places);
        double[][] ratios = [.. below.Select(_ => new double[rows])];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, rows, parallel, () => new double[dimension], (r, _, point) =>
        {
            for (int j = 0; j < dimension; j++)
            {
                point[j] = places[(r * dimension) + j];
            }

            double own = above.LogDensity(model.Schedule.Constants, 1, point);
            for (int i = 0; i < below.Length; i++)
            {
                ratios[i][r] = own - below[i].LogDensity(model.Schedule.Constants, 1, point);
            }

            return point;
        }, _ => { });
        return ratios;
    }

    private static bool IsZero(FlowModel model, LinearLayer layer) => !model.Parameters.Slice(layer.Offset, layer.Length).ContainsAnyExcept(0f);
}
