using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;

namespace FlowRatio.Engine.Fields;

/// <summary>Carries points to a caller's velocity in the units of the data and its answer back to the flow's coordinates.</summary>
/// <param name="velocity">The caller's function.</param>
/// <param name="standardization">Map from data to the flow's coordinates, or null.</param>
public sealed class CallerField(CallerVelocity velocity, Standardization? standardization)
{
    private float[] points = [];
    private float[] derivative = [];

    /// <summary>Writes dx/dt of every row.</summary>
    /// <param name="x">Points in the flow's coordinates, <c>[1; n, d]</c>.</param>
    /// <param name="times">t of each row.</param>
    /// <param name="field">b, <c>[1; n, d]</c>.</param>
    public void Evaluate(Matrix x, ReadOnlySpan<double> times, Matrix field)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(field);
        int count = x.Rows * x.Columns;
        if (points.Length < count)
        {
            points = new float[count];
            derivative = new float[count];
        }

        Span<float> at = points.AsSpan(0, count);
        Span<float> b = derivative.AsSpan(0, count);
        x.Read(at);
        standardization?.Invert(at, at);
        velocity(at, times, b);
        for (int i = 0; standardization is not null && i < count; i++)
        {
            b[i] = (float)(b[i] / standardization.Scale[i % x.Columns]);
        }

        field.Write<float>(b);
    }
}
