using System.Numerics;

namespace FlowRatio.Engine.Randomness;

/// <summary>
/// The probes of a trajectory: element j of probe k of sample s at stage i is a pure function of (Seed, s, k, i, j).
/// </summary>
/// <param name="Distribution">Distribution of the probes.</param>
/// <param name="Seed">Seed.</param>
public readonly record struct ProbeSequence(ProbeDistribution Distribution, ulong Seed)
{
    /// <summary>Writes the probe of one sample at one stage.</summary>
    /// <param name="sample">Sample number.</param>
    /// <param name="probe">Probe number; independent sequences.</param>
    /// <param name="stage">Stage number along the trajectory.</param>
    /// <param name="values">d elements, overwritten.</param>
    public void Fill(int sample, int probe, int stage, Span<float> values)
    {
        switch (Distribution)
        {
            case ProbeDistribution.Hadamard:
                FillHadamard((uint)sample, (uint)probe, stage, values);
                break;
            case ProbeDistribution.Rademacher:
                FillSigns(Seed, RandomStream.Probe, (uint)sample, (uint)stage, (uint)probe, values);
                break;
            default:
                FillNormal((uint)sample, (uint)probe, (uint)stage, values);
                break;
        }
    }

    private static void FillSigns(ulong seed, RandomStream stream, uint a, uint b, uint probe, Span<float> values)
    {
        const int bitsPerBlock = 128;
        for (int first = 0; first < values.Length; first += bitsPerBlock)
        {
            PhiloxBlock block = Philox.Block(seed, stream, a, b, (probe << 16) | (uint)(first / bitsPerBlock));
            int count = Math.Min(bitsPerBlock, values.Length - first);
            for (int j = 0; j < count; j++)
            {
                values[first + j] = (block[j >> 5] & (1u << (j & 31))) == 0 ? 1f : -1f;
            }
        }
    }

    private void FillNormal(uint sample, uint probe, uint stage, Span<float> values)
    {
        for (int j = 0; j < values.Length; j++)
        {
            PhiloxBlock block = Philox.Block(Seed, RandomStream.Probe, sample, stage, (probe << 16) | (uint)(j >> 2));
            (values[j], float second) = ToFloat(block.Normal01);
            if (++j < values.Length)
            {
                values[j] = second;
            }

            (float third, float fourth) = ToFloat(block.Normal23);
            if (++j < values.Length)
            {
                values[j] = third;
            }

            if (++j < values.Length)
            {
                values[j] = fourth;
            }
        }
    }

    private void FillHadamard(uint sample, uint probe, int stage, Span<float> values)
    {
        int order = (int)BitOperations.RoundUpToPowerOf2((uint)values.Length);
        const uint layout = 0x8000_0000;

        // Fixed along the trajectory: one sign per coordinate and its column of the Hadamard matrix.
        FillSigns(Seed, RandomStream.ProbeLayout, sample, 0, probe, values);
        var column = new KeyedPermutation(order, Philox.Block(Seed, RandomStream.ProbeLayout, sample, 0, layout | probe));

        // The row changes with the stage; after all rows have been used, another order of them follows.
        int epoch = stage / order;
        var order2 = new KeyedPermutation(
            order, Philox.Block(Seed, RandomStream.ProbeLayout, sample, (uint)epoch + 1, layout | probe));
        uint row = (uint)order2[stage % order];
        for (int j = 0; j < values.Length; j++)
        {
            // Sylvester's matrix: element (r, c) is (-1)^popcount(r and c).
            if ((BitOperations.PopCount(row & (uint)column[j]) & 1) != 0)
            {
                values[j] = -values[j];
            }
        }
    }

    private static (float First, float Second) ToFloat((double First, double Second) pair) =>
        ((float)pair.First, (float)pair.Second);
}
