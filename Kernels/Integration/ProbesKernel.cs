using FlowRatio.Engine.Randomness;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>Probes, one thread per element; the second coordinate of the grid is the probe.</summary>
internal struct ProbesKernel : IKernel<ProbesKernel>
{
    public MatrixView Probes;
    public ArrayView<int> Samples;
    public ArrayView<int> Stages;
    public int Rows;
    public int Columns;

    /// <summary>A <see cref="ProbeDistribution"/>.</summary>
    public int Distribution;
    public ulong Seed;

    /// <summary>The dimension rounded up to a power of two.</summary>
    public int Order;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(ProbesKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        int probe = Grid.IdxY;
        int sample = k.Samples[r];
        int stage = k.Stages[r];
        float value;
        if (k.Distribution == (int)ProbeDistribution.Hadamard)
        {
            value = ProbeElement.Hadamard(k.Seed, sample, probe, stage, j, k.Order);
        }
        else if (k.Distribution == (int)ProbeDistribution.Rademacher)
        {
            value = ProbeElement.Rademacher(k.Seed, sample, probe, stage, j);
        }
        else
        {
            value = (float)NormalDeviates.Of(ProbeElement.Gaussian(k.Seed, sample, probe, stage, j), j & 3);
        }

        k.Probes.Set(probe, r, j, value);
    }
}
