using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Training;

/// <summary>One Adam step, and the average of the weights behind it; one thread per parameter.</summary>
internal struct AdamKernel : IKernel<AdamKernel>
{
    public ArrayView<float> Parameters;
    public ArrayView<float> Gradients;
    public ArrayView<float> FirstMoment;
    public ArrayView<float> SecondMoment;
    public int Count;
    public float Beta1;
    public float Beta2;

    /// <summary>1 - beta, formed in float64: 1 - 0.999f would be off by a thousand roundings.</summary>
    public float Rest1;
    public float Rest2;
    public float Rate;
    public float RootScale;
    public float Epsilon;

    /// <summary>Exponential average of the parameters, where there is one.</summary>
    public ArrayView<float> Average;

    /// <summary>1 with an average.</summary>
    public int HasAverage;
    public float Kept;
    public float Taken;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(AdamKernel k)
    {
        int i = KernelIndex.Element;
        if (i >= k.Count)
        {
            return;
        }

        float g = k.Gradients[i];
        float m = (k.Beta1 * k.FirstMoment[i]) + (k.Rest1 * g);
        float v = (k.Beta2 * k.SecondMoment[i]) + (k.Rest2 * g * g);
        k.FirstMoment[i] = m;
        k.SecondMoment[i] = v;

        // The root in float64, where every device rounds it alike; hardware's fast float root does not.
        float parameter = k.Parameters[i] - (k.Rate * m / ((k.RootScale * (float)Math.Sqrt((double)v)) + k.Epsilon));
        k.Parameters[i] = parameter;
        if (k.HasAverage != 0)
        {
            k.Average[i] = (k.Kept * k.Average[i]) + (k.Taken * parameter);
        }
    }
}
