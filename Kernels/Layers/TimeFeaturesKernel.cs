using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Layers;

/// <summary>cos(t w_k) and sin(t w_k), one thread per pair; with one column t itself.</summary>
internal struct TimeFeaturesKernel : IKernel<TimeFeaturesKernel>
{
    public MatrixView Times;
    public MatrixView Features;
    public int Rows;

    /// <summary>Half the number of columns; 0 for the single column t.</summary>
    public int Half;

    /// <summary>w_k, in float64.</summary>
    public ArrayView<double> Frequencies;

    /// <summary>Factor of all angles.</summary>
    public double Scale;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(TimeFeaturesKernel k)
    {
        int i = KernelIndex.Element;
        int pairs = k.Half == 0 ? 1 : k.Half;
        int r = i / pairs;
        int j = i - (r * pairs);
        if (r >= k.Rows)
        {
            return;
        }

        float time = k.Times.Get(r, 0);
        if (k.Half == 0)
        {
            k.Features.Set(r, 0, time);
            return;
        }

        double angle = time * (k.Scale * k.Frequencies[j]);
        k.Features.Set(r, j, (float)Elementary.Cos(angle));
        k.Features.Set(r, k.Half + j, (float)Elementary.Sin(angle));
    }
}
