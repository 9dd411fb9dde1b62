using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Gemm;

/// <summary>Adds the parts of dW and db in order and writes them to their place in the flat buffer of gradients.</summary>
internal struct WeightGradientSumKernel : IKernel<WeightGradientSumKernel>
{
    public ArrayView<float> Parts;

    /// <summary>Number of parts.</summary>
    public int PartCount;

    /// <summary>Distance between rows of a part.</summary>
    public int PartStride;

    /// <summary>Elements of one part, its padding included.</summary>
    public int PartLength;

    /// <summary>The gradient.</summary>
    public ArrayView<float> Gradient;
    public int Stride;
    public int Rows;
    public int Columns;

    public ArrayView<float> BiasParts;

    /// <summary>The bias's gradient.</summary>
    public ArrayView<float> BiasGradient;

    /// <summary>1 where db is wanted.</summary>
    public int HasBias;

    /// <summary>1 to add to what is there.</summary>
    public int Accumulates;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(WeightGradientSumKernel k)
    {
        int i = KernelIndex.Element;
        int row = i / k.Columns;
        int column = i - (row * k.Columns);
        float sum = 0;
        if (row < k.Rows)
        {
            for (int part = 0; part < k.PartCount; part++)
            {
                sum += k.Parts[(part * k.PartLength) + (row * k.PartStride) + column];
            }

            int at = (row * k.Stride) + column;
            k.Gradient[at] = k.Accumulates != 0 ? k.Gradient[at] + sum : sum;
            return;
        }

        // One bias per row of dW, in the threads behind those.
        int output = i - (k.Rows * k.Columns);
        if (k.HasBias != 0 && output < k.Rows)
        {
            for (int part = 0; part < k.PartCount; part++)
            {
                sum += k.BiasParts[(part * k.Rows) + output];
            }

            k.BiasGradient[output] = k.Accumulates != 0 ? k.BiasGradient[output] + sum : sum;
        }
    }
}
