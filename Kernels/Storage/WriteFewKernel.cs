using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Storage;

/// <summary>Writes a few values that travel as arguments: no copy, no wait (the time of a stage is one such value).</summary>
internal struct WriteFewKernel : IKernel<WriteFewKernel>
{
    /// <summary>Largest number of values.</summary>
    public const int Most = 4;

    public MatrixView Matrix;
    public int Segment;
    public int Columns;
    public int Count;
    public float Value0;
    public float Value1;
    public float Value2;
    public float Value3;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(WriteFewKernel k)
    {
        int i = KernelIndex.Element;
        if (i < k.Count)
        {
            float value = i == 0 ? k.Value0 : i == 1 ? k.Value1 : i == 2 ? k.Value2 : k.Value3;
            k.Matrix.Set(k.Segment, i / k.Columns, i % k.Columns, value);
        }
    }
}
