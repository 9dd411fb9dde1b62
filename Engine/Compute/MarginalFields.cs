namespace FlowRatio.Engine.Compute;

/// <summary>Velocity and score of one condition at the same points and times: what the marginal identity c_t s = t u - x ties together.</summary>
/// <param name="Times">t, <c>[1; 1 or n, 1]</c>.</param>
/// <param name="Points">x, <c>[1; n, d]</c>.</param>
/// <param name="Velocity">u, at least one segment.</param>
/// <param name="VelocitySegment">The condition's segment of the velocity.</param>
/// <param name="Score">s, at least one segment.</param>
/// <param name="ScoreSegment">The condition's segment of the score.</param>
public readonly record struct MarginalFields(
    Matrix Times, Matrix Points, Matrix Velocity, int VelocitySegment, Matrix Score, int ScoreSegment)
{
    /// <summary>Number of points.</summary>
    public int Rows => Points.Rows;

    /// <summary>Dimension.</summary>
    public int Columns => Points.Columns;

    /// <summary>Whether every point has a time of its own.</summary>
    public bool TimePerRow => Times.Rows > 1;
}
