using FlowRatio.Engine.Randomness;

namespace FlowRatio.Tests.Support;

/// <summary>
/// Deterministic test data: the same seed gives the same arrays on every machine. Deviates are rounded to float, so that a
/// float32 backend and the double-precision reference see the same numbers.
/// </summary>
/// <param name="seed">Seed; every call of a method draws further numbers.</param>
public sealed class RandomData(ulong seed)
{
    private uint calls;

    /// <summary>Normal deviates.</summary>
    public float[] Normal(int count, double scale = 1)
    {
        uint call = calls++;
        return Fill(count, i => (float)(scale * Philox.Block(seed, RandomStream.Data, (uint)(i >> 2), call).Normal(i & 3)));
    }

    /// <summary>Uniform deviates in [low, high).</summary>
    public float[] Uniform(int count, double low, double high)
    {
        uint call = calls++;
        return Fill(count, i => (float)(low + ((high - low) * Philox.Block(seed, RandomStream.Data, (uint)i, call).Uniform01)));
    }

    /// <summary>Integers in [low, bound).</summary>
    public int[] Integers(int count, int low, int bound)
    {
        uint call = calls++;
        return Fill(
            count,
            i => low + (int)((bound - low) * Philox.Block(seed, RandomStream.Data, (uint)i, call).Uniform01));
    }

    /// <summary>A stack of matrices of normal deviates.</summary>
    public HostMatrix Matrix(int rows, int columns, int segments = 1, double scale = 1) =>
        new(segments, rows, columns, Normal(segments * rows * columns, scale));

    private static T[] Fill<T>(int count, Func<int, T> element) => [.. Enumerable.Range(0, count).Select(element)];
}
