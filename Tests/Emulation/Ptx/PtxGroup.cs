using System.Runtime.CompilerServices;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>A group of warps with its shared memory, which starts as NaN. Between barriers warps run one after the other.</summary>
internal sealed class PtxGroup
{
    private readonly float[] shared;
    private readonly Func<ulong, int, bool> isMemory;
    private readonly PtxWarp[] warps;

    public PtxGroup(
        PtxProgram program, byte[] arguments, (int X, int Y, int Z) place, int threads, int sharedBytes, Func<ulong, int, bool> isMemory)
    {
        Arguments = arguments;
        (X, Y, Z) = place;
        this.isMemory = isMemory;
        shared = new float[sharedBytes / sizeof(float)];
        Array.Fill(shared, float.NaN);
        warps = [.. Enumerable.Range(0, threads / PtxWarp.Lanes).Select(number => new PtxWarp(program, this, number))];
    }

    public int X { get; }

    public int Y { get; }

    public int Z { get; }

    public byte[] Arguments { get; }

    /// <summary>Runs to the end.</summary>
    /// <param name="descends">Whether the last warp goes first between barriers.</param>
    public void Run(bool descends)
    {
        if (descends)
        {
            Array.Reverse(warps);
        }

        while (!warps[0].IsDone)
        {
            foreach (PtxWarp warp in warps)
            {
                warp.Run();
            }

            if (warps.Any(warp => warp.IsDone != warps[0].IsDone))
            {
                throw new InvalidOperationException("Some warps wait at a barrier that others never reach.");
            }
        }
    }

    /// <summary>Words of shared memory; vectors must be aligned.</summary>
    public Span<float> Shared(int address, int words)
    {
        if (address % (words * sizeof(float)) != 0)
        {
            throw new InvalidOperationException($"{words} words at {address} of shared memory are not aligned.");
        }

        return shared.AsSpan(address / sizeof(float), words);
    }

    /// <summary>A float of the device's memory.</summary>
    public unsafe ref float Global(long address)
    {
        Require(address, sizeof(float));
        return ref Unsafe.AsRef<float>((void*)address);
    }

    /// <summary>Copies bytes of the device's memory.</summary>
    public unsafe void Read(long address, Span<byte> destination)
    {
        Require(address, destination.Length);
        new ReadOnlySpan<byte>((void*)address, destination.Length).CopyTo(destination);
    }

    private void Require(long address, int bytes)
    {
        if (!isMemory((ulong)address, bytes))
        {
            throw new InvalidOperationException($"{bytes} bytes at {address:X} are not the device's (group {X}, {Y}, {Z}).");
        }
    }
}
