using System.Numerics;

namespace FlowRatio.Engine.Randomness;

/// <summary>
/// Single elements of the probes that <see cref="ProbeSequence"/> fills row by row: the same numbers, as plain arithmetic that kernels
/// on a device call, one thread per element.
/// </summary>
public static class ProbeElement
{
    private const int BitsPerBlock = 128;
    private const uint Layout = 0x8000_0000;

    /// <summary>Element j of an independent sign probe: 1 or -1.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="sample">Sample number.</param>
    /// <param name="probe">Probe number.</param>
    /// <param name="stage">Stage number.</param>
    /// <param name="j">Coordinate.</param>
    public static float Rademacher(ulong seed, int sample, int probe, int stage, int j) =>
        Sign(Philox.Block(seed, RandomStream.Probe, (uint)sample, (uint)stage, SignBlock(probe, j)), j);

    /// <summary>The block that holds four normal deviates, among them element j of a Gaussian probe, as number j mod 4.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="sample">Sample number.</param>
    /// <param name="probe">Probe number.</param>
    /// <param name="stage">Stage number.</param>
    /// <param name="j">Coordinate.</param>
    public static PhiloxBlock Gaussian(ulong seed, int sample, int probe, int stage, int j) =>
        Philox.Block(seed, RandomStream.Probe, (uint)sample, (uint)stage, ((uint)probe << 16) | (uint)(j >> 2));

    /// <summary>Element j of a Hadamard probe: 1 or -1.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="sample">Sample number.</param>
    /// <param name="probe">Probe number.</param>
    /// <param name="stage">Stage number.</param>
    /// <param name="j">Coordinate.</param>
    /// <param name="order">The dimension rounded up to a power of two.</param>
    public static float Hadamard(ulong seed, int sample, int probe, int stage, int j, int order)
    {
        float sign = Sign(Philox.Block(seed, RandomStream.ProbeLayout, (uint)sample, 0, SignBlock(probe, j)), j);
        int column = KeyedPermutation.Image(
            j, order, Philox.Block(seed, RandomStream.ProbeLayout, (uint)sample, 0, Layout | (uint)probe));
        int row = KeyedPermutation.Image(
            stage % order,
            order,
            Philox.Block(seed, RandomStream.ProbeLayout, (uint)sample, (uint)(stage / order) + 1, Layout | (uint)probe));
        return (BitOperations.PopCount((uint)(row & column)) & 1) == 0 ? sign : -sign;
    }

    private static uint SignBlock(int probe, int j) => ((uint)probe << 16) | (uint)(j / BitsPerBlock);

    private static float Sign(PhiloxBlock block, int j) =>
        (block[(j % BitsPerBlock) >> 5] & (1u << (j & 31))) == 0 ? 1f : -1f;
}
