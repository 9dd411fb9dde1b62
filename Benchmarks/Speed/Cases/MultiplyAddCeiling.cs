using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>
/// The machine's arithmetic limit: independent chains of multiply-adds that touch no memory, with the widest vectors there are. Guarded by
/// the instruction set, because <c>Vector512.IsHardwareAccelerated</c> is false on some processors that run AVX-512 at full speed.
/// </summary>
internal sealed class MultiplyAddCeiling(int threads) : ISpeedCase
{
    // Milliseconds, not microseconds: waking the other threads must not count.
    private const int Rounds = 4_000_000;

    // More blocks than threads: a thread that wakes late finds its share smaller, not missing.
    private const int BlocksPerThread = 8;
    private readonly WorkerPool pool = new(threads);
    private readonly float[] results = new float[threads * BlocksPerThread];

    /// <inheritdoc/>
    public SpeedWork Work { get; } = new((double)threads * BlocksPerThread * (Rounds / BlocksPerThread) * FlopPerRound());

    /// <inheritdoc/>
    public void Run() => pool.Run(new Chains(results), results.Length);

    /// <inheritdoc/>
    public void Dispose() => pool.Dispose();

    private static int FlopPerRound() =>
        2 * MultiplyAddChains.Count * (Avx512F.IsSupported ? Simd512.Width : Avx2.IsSupported && Fma.IsSupported ? Simd256.Width : Simd128.Width);

    private readonly struct Chains(float[] results) : IBlockWork
    {
        public void Run(int block) =>
            results[block] = Avx512F.IsSupported ? MultiplyAddChains.Run<Simd512, Vector512<float>>(Rounds / BlocksPerThread)
                : Avx2.IsSupported && Fma.IsSupported ? MultiplyAddChains.Run<Simd256, Vector256<float>>(Rounds / BlocksPerThread)
                : MultiplyAddChains.Run<Simd128, Vector128<float>>(Rounds / BlocksPerThread);
    }
}
