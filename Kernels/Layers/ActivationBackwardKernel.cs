using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Layers;

/// <summary>
/// Gradients through an activation for one element of one primal segment and its tangents, in place. The second coordinate of the grid is
/// the primal segment.
/// </summary>
internal struct ActivationBackwardKernel : IKernel<ActivationBackwardKernel>
{
    public MatrixView Output;
    public MatrixView Gradient;
    public int Rows;
    public int Columns;
    public int PrimalSegments;
    public int TangentConditions;
    public int Probes;

    /// <summary>The activation's slope above zero.</summary>
    public float Scale;

    /// <summary>Its negative bound.</summary>
    public float ScaleAlpha;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(ActivationBackwardKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        int primal = Grid.IdxY;
        float value = k.Output.Get(primal, r, j);
        float slope = Elementary.ExponentialUnitSlope(value, k.Scale, k.ScaleAlpha);
        float gradient = slope * k.Gradient.Get(primal, r, j);
        if (primal < k.TangentConditions)
        {
            for (int probe = 0; probe < k.Probes; probe++)
            {
                // Below zero f'' = f', so f'' q is the tangent's own output; above it is zero.
                int segment = k.PrimalSegments + (probe * k.TangentConditions) + primal;
                float tangentGradient = k.Gradient.Get(segment, r, j);
                if (!(value > 0))
                {
                    gradient += k.Output.Get(segment, r, j) * tangentGradient;
                }

                k.Gradient.Set(segment, r, j, slope * tangentGradient);
            }
        }

        k.Gradient.Set(primal, r, j, gradient);
    }
}
