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

    /// <summary>Creates a permutation.</summary>
    /// <param name="size">Number of elements, at least 1.</param>
    /// <param name="key">Random words that choose the permutation.</param>
    public KeyedPermutation(int size, PhiloxBlock key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        first = key;
        second = SecondKey(key);
        mask = Mask(size);
    }

    /// <summary>Number of elements.</summary>
    public int Size { get; }

    /// <summary>Image of <paramref name="index"/>.</summary>
    /// <param name="index">In [0, Size).</param>
    public int this[int index] => Walk(index, Size, first, second, mask);

    /// <summary>Image of one index without a check, for code that is compiled for a device, where nothing can be thrown.</summary>
    /// <param name="index">In [0, size).</param>
    /// <param name="size">Number of elements, at least 1.</param>
    /// <param name="key">Random words that choose the permutation.</param>
    public static int Image(int index, int size, PhiloxBlock key) => Walk(index, size, key, SecondKey(key), Mask(size));

    /// <summary>Eight independent round words: with four, places of small permutations are visibly uneven.</summary>
    private static PhiloxBlock SecondKey(PhiloxBlock key) =>
        Philox.Block(key.X0, key.X1, key.X2, key.X3, SecondKey0, SecondKey1);

    private static uint Mask(int size) => size == 1 ? 0 : uint.MaxValue >> BitOperations.LeadingZeroCount((uint)(size - 1));

    private static int Walk(int index, int size, PhiloxBlock first, PhiloxBlock second, uint mask)
    {
        uint value = mask == 0 ? 0 : (uint)index;
        if (mask != 0)
        {
            int shift = (33 - BitOperations.LeadingZeroCount(mask)) / 2;
            do
            {
                value = Mix(value, first, mask, shift);
                value = Mix(value, second, mask, shift);
            }
            while (value >= (uint)size);
        }

        return (int)value;
    }

    private static uint Mix(uint value, PhiloxBlock words, uint mask, int shift)
    {
        value = Round(value, words.X0, mask, shift);
        value = Round(value, words.X1, mask, shift);
        value = Round(value, words.X2, mask, shift);
        return Round(value, words.X3, mask, shift);
    }

    /// <summary>An odd factor from the word's low bits, an addend from its high half, an xor-shift: bijections modulo a power of two.</summary>
    private static uint Round(uint value, uint word, uint mask, int shift)
    {
        value = ((value * ((word << 1) | 1)) + (word >> 16)) & mask;
        return value ^ (value >> shift);
    }
}
