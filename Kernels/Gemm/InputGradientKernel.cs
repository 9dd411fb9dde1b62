using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>Gradient of a layer's input: dX = dY W, times selu' at the input where that is an activation, or added to what is there.</summary>
internal struct InputGradientKernel : IKernel<InputGradientKernel>, ITileEpilogue
{
    public Operand OutputGradient;
    public Operand Weight;
    public Operand InputActivation;
    public Operand InputGradient;
    public int Rows;
    public int Inputs;
    public int Outputs;

    /// <summary>1 where the input is the output of SELU.</summary>
    public int IsBehindSelu;

    /// <summary>Slope of SELU above zero.</summary>
    public float Scale;

    /// <summary>Negative bound of SELU.</summary>
    public float ScaleAlpha;

    /// <summary>1 to add to what is there.</summary>
    public int Accumulates;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(InputGradientKernel k)
    {
        ArrayView<Float4> left = SharedTile.Allocate();
        ArrayView<Float4> right = SharedTile.Allocate();
        RegisterTile sum = default;
        for (int step = 0; step < k.Outputs; step += SharedTile.Depth)
        {
            SharedTile.LoadTransposed(left, k.OutputGradient, 0, Grid.IdxX * SharedTile.Size, step, k.Rows, k.Outputs);
            SharedTile.Load(right, k.Weight, step, Grid.IdxY * SharedTile.Size, k.Outputs, k.Inputs);
            Group.Barrier();
            sum = RegisterTile.AddProduct(sum, left, right);
            Group.Barrier();
        }

        RegisterTile.Store(sum, k);
    }

    /// <inheritdoc/>
    public readonly void Store(int row, int column, Float4 sums)
    {
        if (row >= Rows || column >= Inputs)
        {
            return;
        }

        if (IsBehindSelu != 0)
        {
            sums = Activations.TimesSlope(sums, InputActivation.Load(0, row, column, Rows, Inputs), Scale, ScaleAlpha);
        }

        if (Accumulates != 0)
        {
            sums = Float4.AddScaled(InputGradient.Load(0, row, column, Rows, Inputs), 1, sums);
        }

        InputGradient.Store(0, row, column, Inputs, sums);
    }
}
