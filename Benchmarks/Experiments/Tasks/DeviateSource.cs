using FlowRatio.Engine.Randomness;

namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>
/// The deviates of one point of a synthetic data set, one after the other: functions of (seed, set, point) and their place in the sequence.
/// </summary>
/// <param name="seed">Seed.</param>
/// <param name="stream">Number of the set and its class.</param>
/// <param name="point">Number of the point.</param>
public struct DeviateSource(ulong seed, uint stream, uint point)
{
    private const int NormalsPerBlock = 4;
    private uint nextBlock;
    private PhiloxBlock block;
    private int normalsLeft;

    /// <summary>The next deviate uniform on [0, 1).</summary>
    public double Uniform() => Philox.Block(seed, RandomStream.Data, nextBlock++, stream, point).Uniform01;

    /// <summary>The next standard normal deviate.</summary>
    public double Normal()
    {
        if (normalsLeft == 0)
        {
            block = Philox.Block(seed, RandomStream.Data, nextBlock++, stream, point);
            normalsLeft = NormalsPerBlock;
        }

        return block.Normal(NormalsPerBlock - normalsLeft--);
    }
}
