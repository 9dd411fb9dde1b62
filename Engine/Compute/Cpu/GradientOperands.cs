using System.Runtime.CompilerServices;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// The rows over which a weight gradient sums: panels of output gradients and of inputs, from the tile's first feature on. The
/// last panel may be a copy with zeros in its unused lanes.
/// </summary>
internal readonly unsafe struct GradientOperands(
    float* outputGradient, long outputGradientStride, float* outputGradientTail,
    float* input, long inputStride, float* inputTail, int panels)
{
    /// <summary>Number of panels.</summary>
    public int Panels => panels;

    /// <summary>dY of a panel, feature by feature.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* OutputGradient(int panel) =>
        panel == panels - 1 ? outputGradientTail : outputGradient + (panel * outputGradientStride);

    /// <summary>X of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Input(int panel) => panel == panels - 1 ? inputTail : input + (panel * inputStride);
}
