namespace FlowRatio.Engine.Fields;

/// <summary>A simulating field of the caller's own.</summary>
/// <param name="points">Row-major <c>[n, d]</c>, in the units of the data.</param>
/// <param name="times">t of each row.</param>
/// <param name="velocity">dx/dt of each row, row-major <c>[n, d]</c>, to be written; in those units per unit time.</param>
public delegate void CallerVelocity(ReadOnlySpan<float> points, ReadOnlySpan<double> times, Span<float> velocity);
