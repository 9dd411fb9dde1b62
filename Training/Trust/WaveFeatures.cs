using FlowRatio.Engine.Models;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Random waves sqrt(2 / count) cos(w x + b), whose inner products approach a kernel (Rahimi and Recht, "Random features for large-scale kernel machines",
/// 2007): a Gaussian one with lengths from half to four times the root of d, since the scale on which densities differ is not known.
/// </summary>
internal sealed class WaveFeatures : FeatureMap
{
    private const double ShortestLength = 0.5;
    private const double LongestLength = 4;
    private readonly int dimension;
    private readonly float[] frequencies;
    private readonly float[] phases;

    /// <summary>Draws waves.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed.</param>
    public WaveFeatures(int dimension, int count, ulong seed)
    {
        this.dimension = dimension;
        frequencies = new float[count * dimension];
        phases = new float[count];
        for (int i = 0; i < count; i++)
        {
            PhiloxBlock draw = Philox.Block(seed, RandomStream.Wave, (uint)i, uint.MaxValue);

            // The lengths are a grid on the logarithmic scale, so that a few hundred waves have all of them.
            double length = ShortestLength * Math.Pow(LongestLength / ShortestLength, (i + 0.5) / count) * Math.Sqrt(dimension);
            phases[i] = (float)(2 * Math.PI * draw.Uniform01);
            for (int j = 0; j < dimension; j++)
            {
                frequencies[(i * dimension) + j] = (float)(Philox.Block(seed, RandomStream.Wave, (uint)i, (uint)j / 4).Normal(j % 4) / length);
            }
        }
    }

    private WaveFeatures(int dimension, float[] frequencies, float[] phases)
    {
        this.dimension = dimension;
        this.frequencies = frequencies;
        this.phases = phases;
    }

    /// <inheritdoc/>
    public override int Count => phases.Length;

    /// <inheritdoc/>
    public override string Name => "waves";

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> point, Span<float> features)
    {
        float scale = MathF.Sqrt(2f / phases.Length);
        for (int i = 0; i < phases.Length; i++)
        {
            features[i] = scale * MathF.Cos(LogitFit.Dot(frequencies.AsSpan(i * dimension, dimension), point) + phases[i]);
        }
    }

    /// <summary>Reads what <see cref="Tensors"/> wrote.</summary>
    public static WaveFeatures Read(SafetensorsFile file, string prefix, int dimension)
    {
        SafetensorsTensor phases = file[$"{prefix}phases"];
        return new WaveFeatures(dimension, file[$"{prefix}frequencies"].RequireShape(phases.Count, dimension).ToSingle(), phases.ToSingle());
    }

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix) =>
    [
        SafetensorsTensor.Of($"{prefix}frequencies", frequencies, Count, dimension),
        SafetensorsTensor.Of($"{prefix}phases", phases, Count),
    ];
}
