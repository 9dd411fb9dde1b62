using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// A layer on some segments of a stack: Y = f(X W^T + b), or f'(at the primal output) (X W^T) for tangents. Tangents are a launch of
/// their own after the primal segments, whose outputs they read.
/// </summary>
internal struct LinearKernel : IKernel<LinearKernel>, ITileEpilogue
{
    public Operand Input;
    public Operand Weight;
    public Operand Bias;
    public Operand Output;
    public int Rows;
    public int Inputs;
    public int Outputs;

    /// <summary>The first segment of this launch.</summary>
    public int FirstSegment;

    /// <summary>Number of primal segments.</summary>
    public int PrimalSegments;

    /// <summary>Conditions with tangents.</summary>
    public int TangentConditions;

    /// <summary>1 with a bias.</summary>
    public int HasBias;

    /// <summary>1 with an activation.</summary>
    public int IsActivated;

    /// <summary>Its slope above zero.</summary>
    public float Scale;

    /// <summary>Its negative bound.</summary>
    public float ScaleAlpha;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(LinearKernel k)
    {
        ArrayView<Float4> left = SharedTile.Allocate();
        ArrayView<Float4> right = SharedTile.Allocate();
        int segment = k.FirstSegment + Grid.IdxZ;
        RegisterTile sum = default;
        for (int step = 0; step < k.Inputs; step += SharedTile.Depth)
        {
            SharedTile.LoadTransposed(left, k.Input, segment, Grid.IdxX * SharedTile.Size, step, k.Rows, k.Inputs);
            SharedTile.LoadTransposed(right, k.Weight, 0, Grid.IdxY * SharedTile.Size, step, k.Outputs, k.Inputs);
            Group.Barrier();
            sum = RegisterTile.AddProduct(sum, left, right);
            Group.Barrier();
        }

        RegisterTile.Store(sum, k);
    }

    /// <inheritdoc/>
    public readonly void Store(int row, int column, Float4 sums)
    {
        if (row >= Rows || column >= Outputs)
        {
            return;
        }

        int segment = FirstSegment + Grid.IdxZ;
        if (segment < PrimalSegments)
        {
            if (HasBias != 0)
            {
                sums = Float4.AddScaled(sums, 1, Bias.Load(0, 0, column, 1, Outputs));
            }

            if (IsActivated != 0)
            {
                sums = Activations.Apply(sums, Scale, ScaleAlpha);
            }
        }
        else if (IsActivated != 0)
        {
            int primal = (segment - PrimalSegments) % TangentConditions;
            sums = Activations.TimesSlope(sums, Output.Load(primal, row, column, Rows, Outputs), Scale, ScaleAlpha);
        }

        Output.Store(segment, row, column, Outputs, sums);
    }
}
