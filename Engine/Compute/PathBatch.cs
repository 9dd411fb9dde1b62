using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute;

/// <summary>
/// One training batch on the probability path: points x_t and the regression targets of velocity and score
/// (see <see cref="ComputeBackend.SamplePath"/> for the formulas).
/// </summary>
public sealed class PathBatch : IDisposable
{
    /// <summary>Allocates a batch.</summary>
    /// <param name="backend">The backend that will fill it.</param>
    /// <param name="rows">Rows per batch.</param>
    /// <param name="dimension">Dimension of the data.</param>
    public PathBatch(ComputeBackend backend, int rows, int dimension)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, PathSampler.LargestRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, PathSampler.LargestDimension);
        Times = backend.CreateMatrix(rows, 1);
        Points = backend.CreateMatrix(rows, dimension);
        VelocityTarget = backend.CreateMatrix(rows, dimension);
        ScoreTarget = backend.CreateMatrix(rows, dimension);
        ScoreWeight = backend.CreateMatrix(rows, 1);
    }

    /// <summary>Times t, <c>[rows, 1]</c>.</summary>
    public Matrix Times { get; }

    /// <summary>Points x_t, <c>[rows, dimension]</c>.</summary>
    public Matrix Points { get; }

    /// <summary>Conditional velocity u* = x_1 + sigma' eps, <c>[rows, dimension]</c>.</summary>
    public Matrix VelocityTarget { get; }

    /// <summary>Target t u* - x_t = -(sigma - t sigma') eps of the weighted score, <c>[rows, dimension]</c>.</summary>
    public Matrix ScoreTarget { get; }

    /// <summary>Factor c_t of the score, <c>[rows, 1]</c>.</summary>
    public Matrix ScoreWeight { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Times.Dispose();
        Points.Dispose();
        VelocityTarget.Dispose();
        ScoreTarget.Dispose();
        ScoreWeight.Dispose();
    }
}
