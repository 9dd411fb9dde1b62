using FlowRatio.Engine.BaseFlows;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// One Gaussian of a base in the order of its principal directions, block after block: the coordinate at each place, then mean, variances and
/// the mean along the directions, and for each block of several coordinates both products with its directions, packed for the micro-kernel.
/// </summary>
internal sealed unsafe class CpuBaseComponent
{
    private readonly AlignedArray values;

    public CpuBaseComponent(
        GaussianComponent component, Func<EigenBlock, (PackedWeights Forward, PackedWeights Backward)> pack)
    {
        int dimension = component.Dimension;
        LogWeight = Math.Log(component.Weight);
        Coordinates = [.. component.Blocks.SelectMany(block => block.Coordinates)];
        values = new AlignedArray(3L * dimension);
        List<CpuBaseBlock> rotations = [];
        int first = 0;
        foreach (EigenBlock block in component.Blocks)
        {
            int size = block.Size;
            for (int i = 0; i < size; i++)
            {
                double along = 0;
                for (int j = 0; j < size; j++)
                {
                    along += block.Directions[(i * size) + j] * component.Mean[block.Coordinates[j]];
                }

                Mean[first + i] = (float)component.Mean[block.Coordinates[i]];
                Variances[first + i] = (float)block.Variances[i];
                RotatedMean[first + i] = (float)along;
            }

            if (size > 1)
            {
                (PackedWeights forward, PackedWeights backward) = pack(block);
                rotations.Add(new CpuBaseBlock(first, forward, backward));
            }
            else if (block.Directions[0] < 0)
            {
                // A single direction may point either way; the code that skips its product takes it as positive.
                RotatedMean[first] = -RotatedMean[first];
            }

            first += size;
        }

        Rotations = [.. rotations];
    }

    /// <summary>Logarithm of the weight.</summary>
    public double LogWeight { get; }

    /// <summary>Coordinate at each place.</summary>
    public int[] Coordinates { get; }

    /// <summary>Blocks of several coordinates; places in no block are coordinates of their own.</summary>
    public CpuBaseBlock[] Rotations { get; }

    /// <summary>Mean of the coordinate at each place.</summary>
    public float* Mean => values.Pointer;

    /// <summary>Variance along the direction at each place.</summary>
    public float* Variances => values.Pointer + Coordinates.Length;

    /// <summary>Mean along the direction at each place.</summary>
    public float* RotatedMean => values.Pointer + (2 * Coordinates.Length);
}
