using FlowRatio.Engine.Randomness;

namespace FlowRatio.Tests.Randomness;

/// <summary>Philox 4x32-10 against the known answers published with Random123 (kat_vectors), and its streams.</summary>
public sealed class PhiloxTests
{
    private const uint Ones = 0xFFFF_FFFF;

    private static readonly RandomStream[] Streams = Enum.GetValues<RandomStream>();

    [Test]
    public void Zeros_give_the_known_answer() =>
        Assert.That(
            Philox.Block(0, 0, 0, 0, 0, 0), Is.EqualTo(new PhiloxBlock(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)));

    [Test]
    public void Ones_give_the_known_answer() =>
        Assert.That(
            Philox.Block(Ones, Ones, Ones, Ones, Ones, Ones),
            Is.EqualTo(new PhiloxBlock(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)));

    [Test]
    public void Digits_of_pi_give_the_known_answer() =>
        Assert.That(
            Philox.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0),
            Is.EqualTo(new PhiloxBlock(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)));

    [Test]
    public void Stream_is_the_last_counter_word_and_seed_the_key()
    {
        Assert.That(
            Philox.Block(0x2222_2222_1111_1111, RandomStream.Noise, 7, 8, 9),
            Is.EqualTo(Philox.Block(7, 8, 9, (uint)RandomStream.Noise, 0x1111_1111, 0x2222_2222)));
    }

    [Test]
    public void Indexer_names_the_words()
    {
        var block = new PhiloxBlock(1, 2, 3, 4);
        Assert.That(Enumerable.Range(0, 4).Select(i => block[i]), Is.EqualTo(new uint[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void Streams_have_their_own_numbers()
    {
        Assert.That(Streams.Cast<uint>(), Is.Unique);
        Assert.That(Streams.Select(stream => Philox.Block(1, stream, 0)), Is.Unique);
    }

    [Test]
    public void Every_argument_matters()
    {
        // Each bit of seed and counter, flipped alone, gives another block.
        List<PhiloxBlock> blocks = [Philox.Block(0, RandomStream.Data, 0)];
        for (int bit = 0; bit < 64; bit++)
        {
            blocks.Add(Philox.Block(1UL << bit, RandomStream.Data, 0));
        }

        for (int bit = 0; bit < 32; bit++)
        {
            blocks.Add(Philox.Block(0, RandomStream.Data, 1u << bit));
            blocks.Add(Philox.Block(0, RandomStream.Data, 0, 1u << bit));
            blocks.Add(Philox.Block(0, RandomStream.Data, 0, 0, 1u << bit));
        }

        Assert.That(blocks, Is.Unique);
    }

    [Test]
    public void Streams_are_uncorrelated()
    {
        // Correlation of n independent uniform pairs has standard deviation 1 / sqrt(n) = 0.01; five of them.
        const int n = 10_000;
        for (int s = 1; s < Streams.Length; s++)
        {
            double product = Enumerable.Range(0, n).Average(
                i => 12 * (Philox.Block(5, Streams[0], (uint)i).Uniform01 - 0.5) * (Philox.Block(5, Streams[s], (uint)i).Uniform01 - 0.5));
            Assert.That(product, Is.Zero.Within(0.05), Streams[s].ToString());
        }
    }
}
