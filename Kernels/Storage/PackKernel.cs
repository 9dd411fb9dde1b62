using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Storage;

/// <summary>Copies one segment of a matrix to or from consecutive elements, the form in which it travels to the host.</summary>
internal struct PackKernel : IKernel<PackKernel>
{
    public MatrixView Matrix;
    public int Segment;
    public int Columns;
    public int Count;
    public ArrayView<float> Packed;

    /// <summary>1 to copy into the matrix, 0 to copy out of it.</summary>
    public int Unpack;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(PackKernel k)
    {
        int i = KernelIndex.Element;
        if (i >= k.Count)
        {
            return;
        }

        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (k.Unpack != 0)
        {
            k.Matrix.Set(k.Segment, r, j, k.Packed[i]);
        }
        else
        {
            k.Packed[i] = k.Matrix.Get(k.Segment, r, j);
        }
    }
}
