using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>
/// Gradients of a layer's parameters over one part of the batch: dW = dY^T X and db = column sums of dY. The parts go to consecutive
/// matrices that <see cref="WeightGradientSumKernel"/> adds in order; their number depends on shapes alone. A single part goes to the
/// gradient itself.
/// </summary>
internal struct WeightGradientKernel : IKernel<WeightGradientKernel>, ITileEpilogue
{
    public Operand OutputGradient;
    public Operand Input;

    /// <summary>dW of each part, <c>[parts; outputs, inputs]</c>, or the gradient.</summary>
    public Operand WeightParts;

    /// <summary>db of each part, <c>[parts, outputs]</c>, or the gradient.</summary>
    public ArrayView<float> BiasParts;
    public int Rows;
    public int Inputs;
    public int Outputs;

    /// <summary>Rows of each part.</summary>
    public int RowsPerPart;

    /// <summary>1 where db is wanted.</summary>
    public int HasBias;

    /// <summary>1 to add to what is there.</summary>
    public int Accumulates;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(WeightGradientKernel k)
    {
        ArrayView<Float4> left = SharedTile.Allocate();
        ArrayView<Float4> right = SharedTile.Allocate();
        ArrayView<float> leftValues = left.Cast<float>();
        int start = Grid.IdxZ * k.RowsPerPart;
        int end = Math.Min(start + k.RowsPerPart, k.Rows);
        float bias = 0;
        RegisterTile sum = default;
        for (int step = start; step < end; step += SharedTile.Depth)
        {
            SharedTile.Load(left, k.OutputGradient, step, Grid.IdxX * SharedTile.Size, end, k.Outputs);
            SharedTile.Load(right, k.Input, step, Grid.IdxY * SharedTile.Size, end, k.Inputs);
            Group.Barrier();
            sum = RegisterTile.AddProduct(sum, left, right);

            // As many threads as the tile has outputs: each adds up one of them.
            if (k.HasBias != 0 && Grid.IdxY == 0)
            {
                for (int i = 0; i < SharedTile.Depth; i++)
                {
                    bias += leftValues[(i * SharedTile.Pitch) + Group.IdxX];
                }
            }

            Group.Barrier();
        }

        int output = (Grid.IdxX * SharedTile.Size) + Group.IdxX;
        if (k.HasBias != 0 && Grid.IdxY == 0 && output < k.Outputs)
        {
            int at = (Grid.IdxZ * k.Outputs) + output;
            k.BiasParts[at] = k.Accumulates != 0 ? k.BiasParts[at] + bias : bias;
        }

        RegisterTile.Store(sum, k);
    }

    /// <inheritdoc/>
    public readonly void Store(int row, int column, Float4 sums)
    {
        if (row < Outputs && column < Inputs)
        {
            if (Accumulates != 0)
            {
                sums = Float4.AddScaled(WeightParts.Load(Grid.IdxZ, row, column, Outputs, Inputs), 1, sums);
            }

            WeightParts.Store(Grid.IdxZ, row, column, Inputs, sums);
        }
    }
}
