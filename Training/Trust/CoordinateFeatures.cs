using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Trust;

/// <summary>The coordinates themselves.</summary>
/// <param name="dimension">d.</param>
internal sealed class CoordinateFeatures(int dimension) : FeatureMap
{
    /// <inheritdoc/>
    public override int Count => dimension;

    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> point, Span<float> features) => point.CopyTo(features);

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix) => [];
}
