using System.Runtime.CompilerServices;

namespace FlowRatio.Engine.Randomness;

/// <summary>
/// Philox 4x32-10: a counter-based generator (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// A block of four words is a pure function of (seed, stream, a, b, c), so results do not depend on threads or batches.
/// </summary>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The block at counter (a, b, c, stream) under a 64-bit key.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">Last word of the counter.</param>
    /// <param name="a">First word of the counter.</param>
    /// <param name="b">Second word of the counter.</param>
    /// <param name="c">Third word of the counter.</param>
    public static PhiloxBlock Block(ulong seed, RandomStream stream, uint a, uint b = 0, uint c = 0) =>
        Block(a, b, c, (uint)stream, (uint)seed, (uint)(seed >> 32));

    /// <summary>The raw bijection of the paper.</summary>
    /// <param name="c0">Counter word 0.</param>
    /// <param name="c1">Counter word 1.</param>
    /// <param name="c2">Counter word 2.</param>
    /// <param name="c3">Counter word 3.</param>
    /// <param name="k0">Key word 0.</param>
    /// <param name="k1">Key word 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c1 = (uint)product1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return new PhiloxBlock(c0, c1, c2, c3);
    }
}
