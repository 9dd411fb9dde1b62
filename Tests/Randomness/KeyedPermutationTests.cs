using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Randomness;

/// <summary>The table-free permutation: a bijection for every size, another one for every key, without preferred places.</summary>
public sealed class KeyedPermutationTests
{

    private static IEnumerable<int> Sizes => [.. Enumerable.Range(1, 130), 255, 256, 257, 1000, 4096, 65_537, 100_000];

    [Test]
    public void Is_a_bijection()
    {
        foreach (int size in Sizes)
        {
            for (uint key = 0; key < 3; key++)
            {
                Assert.That(Images(size, key).Order(), Is.EqualTo(Enumerable.Range(0, size)), $"size {size}, key {key}");
            }
        }
    }

    [Test]
    public void Differs_by_key()
    {
        // 16! permutations of 16 elements: among a thousand keys a repetition has probability 2e-8.
        IEnumerable<string> orders = Enumerable.Range(0, 1000).Select(key => string.Join(' ', Images(16, (uint)key)));
        Assert.That(orders.Distinct().Count(), Is.EqualTo(1000));
    }

    [Test]
    public void Refuses_an_empty_range() =>
        Assert.That(
            () => new KeyedPermutation(0, default),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("size"));

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(8)]
    [TestCase(10)]
    [TestCase(33)]
    [TestCase(64)]
    public void Every_place_is_equally_likely(int size)
    {
        // Where an element goes, counted over keys. 33 needs the longest walks: nearly half of the 64 places lie outside.
        const int keys = 20_000;
        foreach (int element in new[] { 0, 1, size / 2, size - 1 }.Distinct())
        {
            int[] counts = new int[size];
            for (uint key = 0; key < keys; key++)
            {
                counts[Permutation(size, key)[element]]++;
            }

            Assert.That(Statistics.ChiSquareExcess(counts), Is.Zero.Within(Statistics.Limit), $"element {element} of {size}");
        }
    }

    [TestCase(4)]
    [TestCase(10)]
    [TestCase(16)]
    public void Every_pair_of_places_is_equally_likely(int size)
    {
        // Where elements 0 and 1 go together, counted over keys: size (size - 1) cells of about a hundred or more.
        const int keys = 40_000;
        int[] counts = new int[size * size];
        for (uint key = 0; key < keys; key++)
        {
            KeyedPermutation permutation = Permutation(size, key);
            counts[(permutation[0] * size) + permutation[1]]++;
        }

        int[] possible = [.. counts.Where((_, cell) => cell / size != cell % size)];
        Assert.That(Statistics.ChiSquareExcess(possible), Is.Zero.Within(Statistics.Limit));
    }

    [Test]
    public void Neighbours_part([Values(16, 100)] int size)
    {
        // Neighbours stay neighbours (in either direction, without wrapping) with probability 2 / size in a random permutation.
        const int keys = 20_000;
        int together = Enumerable.Range(0, keys).Count(key =>
        {
            KeyedPermutation permutation = Permutation(size, (uint)key);
            return Math.Abs(permutation[size / 2] - permutation[(size / 2) + 1]) == 1;
        });
        double expected = 2.0 / size;
        double error = Math.Sqrt(expected * (1 - expected) / keys);
        Assert.That((double)together / keys, Is.EqualTo(expected).Within(Statistics.Limit * error));
    }

    private static KeyedPermutation Permutation(int size, uint key) =>
        new(size, Philox.Block(77, RandomStream.Shuffle, key, (uint)size));

    private static int[] Images(int size, uint key)
    {
        KeyedPermutation permutation = Permutation(size, key);
        return [.. Enumerable.Range(0, size).Select(i => permutation[i])];
    }
}
