using System.Numerics;

namespace FlowRatio.Engine.Randomness;

/// <summary>
/// A pseudo-random permutation of [0, size) that needs no table: rounds of odd multiplication and xor-shift on the next power of
/// two, walked until the value falls below size. A pure function of the key, so any position can be asked for by any thread.
/// </summary>
public readonly struct KeyedPermutation
{
    private const int Rounds = 4;
    private readonly PhiloxBlock key;
    private readonly uint mask;
    private readonly int shift;

    /// <summary>Creates a permutation.</summary>
    /// <param name="size">Number of elements, at least 1.</param>
    /// <param name="key">Random words that choose the permutation.</param>
    public KeyedPermutation(int size, PhiloxBlock key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        this.key = key;
        int bits = 32 - BitOperations.LeadingZeroCount((uint)(size - 1));
        mask = bits == 0 ? 0 : uint.MaxValue >> (32 - bits);
        shift = (bits + 1) / 2;
    }

    /// <summary>Number of elements.</summary>
    public int Size { get; }

    /// <summary>Image of <paramref name="index"/>.</summary>
    /// <param name="index">In [0, Size).</param>
    public int this[int index]
    {
        get
        {
            if (mask == 0)
            {
                return 0;
            }

            uint value = (uint)index;
            do
            {
                value = Mix(value);
            }
            while (value >= (uint)Size);
            return (int)value;
        }
    }

    private uint Mix(uint value)
    {
        for (int round = 0; round < Rounds; round++)
        {
            uint word = key[round];

            // Odd factor, then an addend from the word's high half; both steps are bijections modulo a power of two.
            value = ((value * ((word << 1) | 1)) + (word >> 16) + (word << 7)) & mask;
            value ^= value >> shift;
        }

        return value;
    }
}
