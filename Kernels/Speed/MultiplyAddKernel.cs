using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Speed;

/// <summary>Fused multiply-adds that never leave the registers, in eight independent chains per thread: the card's float32 ceiling.</summary>
internal struct MultiplyAddKernel : IKernel<MultiplyAddKernel>
{
    /// <summary>Multiply-adds per thread and iteration.</summary>
    public const int PerIteration = 32;

    public ArrayView<float> Sums;
    public int Iterations;
    public float Factor;
    public float Term;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(MultiplyAddKernel k)
    {
        int i = KernelIndex.Element;
        float start = i;
        var a = new Float4 { X = start, Y = start + 1, Z = start + 2, W = start + 3 };
        var b = new Float4 { X = start + 4, Y = start + 5, Z = start + 6, W = start + 7 };

        // Four rounds written out: ILGPU does not unroll loops.
        for (int step = 0; step < k.Iterations; step++)
        {
            a = Next(a, k.Factor, k.Term);
            b = Next(b, k.Factor, k.Term);
            a = Next(a, k.Factor, k.Term);
            b = Next(b, k.Factor, k.Term);
            a = Next(a, k.Factor, k.Term);
            b = Next(b, k.Factor, k.Term);
            a = Next(a, k.Factor, k.Term);
            b = Next(b, k.Factor, k.Term);
        }

        k.Sums[i] = a.X + a.Y + a.Z + a.W + b.X + b.Y + b.Z + b.W;
    }

    private static Float4 Next(Float4 x, float factor, float term) => new()
    {
        X = (x.X * factor) + term,
        Y = (x.Y * factor) + term,
        Z = (x.Z * factor) + term,
        W = (x.W * factor) + term,
    };
}
