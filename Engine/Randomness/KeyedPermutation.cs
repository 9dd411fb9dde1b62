using System.Numerics;

namespace FlowRatio.Engine.Randomness;

/// <summary>
/// A pseudo-random permutation of [0, size) that needs no table: rounds of odd multiplication and xor-shift on the next power of
/// two, walked until the value falls below size. A pure function of the key, so any position can be asked for by any thread.
/// </summary>
public readonly struct KeyedPermutation
{
    private const uint SecondKey0 = 0x243F6A88;
    private const uint SecondKey1 = 0x85A308D3;
    private readonly PhiloxBlock first;
    private readonly PhiloxBlock second;
    private readonly uint mask;
    private readonly int shift;

    /// <summary>Creates a permutation.</summary>
    /// <param name="size">Number of elements, at least 1.</param>
    /// <param name="key">Random words that choose the permutation.</param>
    public KeyedPermutation(int size, PhiloxBlock key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;

        // Eight independent round words: with four, places of small permutations are visibly uneven.
        first = key;
        second = Philox.Block(key.X0, key.X1, key.X2, key.X3, SecondKey0, SecondKey1);
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
        value = Round(Round(Round(Round(value, first.X0), first.X1), first.X2), first.X3);
        return Round(Round(Round(Round(value, second.X0), second.X1), second.X2), second.X3);
    }

    /// <summary>An odd factor from the word's low bits, an addend from its high half, an xor-shift: bijections modulo a power of two.</summary>
    private uint Round(uint value, uint word)
    {
        value = ((value * ((word << 1) | 1)) + (word >> 16)) & mask;
        return value ^ (value >> shift);
    }
}
