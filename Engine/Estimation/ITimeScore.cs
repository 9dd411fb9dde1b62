using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Estimation;

/// <summary>A time score that can be evaluated on batches: a network, or a closed form in tests.</summary>
internal interface ITimeScore : IDisposable
{
    /// <summary>Where it computes.</summary>
    ComputeBackend Backend { get; }

    /// <summary>x, <c>[1; rows, d]</c>; to be written by the caller after <see cref="Resize"/>.</summary>
    Matrix Points { get; }

    /// <summary>Sets the number of points, at most the capacity.</summary>
    void Resize(int rows);

    /// <summary>Evaluates at the points.</summary>
    /// <param name="t">The time, the same for all.</param>
    /// <returns><c>[1; rows, outputs]</c>; the time score is the sum over columns.</returns>
    Matrix Evaluate(double t);
}
