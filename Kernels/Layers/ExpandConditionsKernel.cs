using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Layers;

/// <summary>
/// First layer of a head for one element of one condition: SELU(Z + C + T), and selu' times the shared tangents for its tangents. The
/// second coordinate of the grid is the condition.
/// </summary>
internal struct ExpandConditionsKernel : IKernel<ExpandConditionsKernel>
{
    public MatrixView Shared;
    public MatrixView ConditionRows;
    public MatrixView TimeRows;
    public MatrixView Output;
    public int Rows;
    public int Columns;
    public int PrimalSegments;
    public int TangentConditions;
    public int Probes;

    /// <summary>Slope of SELU above zero.</summary>
    public float Scale;

    /// <summary>Negative bound of SELU.</summary>
    public float ScaleAlpha;

    /// <summary>1 where every row has a time of its own.</summary>
    public int TimePerRow;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(ExpandConditionsKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        int condition = Grid.IdxY;
        float sum = k.Shared.Get(0, r, j) + k.ConditionRows.Get(condition, j) + k.TimeRows.Get(k.TimePerRow != 0 ? r : 0, j);
        float activation = Elementary.ExponentialUnit(sum, k.Scale, k.ScaleAlpha);
        k.Output.Set(condition, r, j, activation);
        if (condition < k.TangentConditions)
        {
            float slope = Elementary.ExponentialUnitSlope(activation, k.Scale, k.ScaleAlpha);
            for (int probe = 0; probe < k.Probes; probe++)
            {
                int segment = k.PrimalSegments + (probe * k.TangentConditions) + condition;
                k.Output.Set(segment, r, j, slope * k.Shared.Get(1 + probe, r, j));
            }
        }
    }
}
