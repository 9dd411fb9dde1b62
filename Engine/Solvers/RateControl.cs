namespace FlowRatio.Engine.Solvers;

/// <summary>What is reported of the quadratures along a trajectory, and so is held to a tolerance.</summary>
/// <param name="Reported">Combinations of the rate series, each with a weight per series: what is reported is their integrals.</param>
/// <param name="Tolerance">Largest error of each of them, in its unit (nats for log-densities); positive.</param>
/// <param name="Rounding">Error that rounding makes in any case; steps do not go far below it.</param>
public sealed record RateControl(IReadOnlyList<double[]> Reported, double Tolerance, double Rounding = 0);
