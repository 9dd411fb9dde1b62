using System.Runtime.CompilerServices;
using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>
/// Twelve chains x = a x + b in registers: more than latency times throughput of any processor's multiply-add units, and few
/// enough for sixteen registers.
/// </summary>
internal static class MultiplyAddChains
{
    public const int Count = 12;

    /// <summary>Runs all chains for so many rounds; the result only keeps the compiler from leaving them out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe float Run<TSimd, TVector>(int rounds)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        // The chains tend to b / (1 - a) = 1: no overflow, no denormals.
        TVector a = TSimd.Broadcast(0.75f), b = TSimd.Broadcast(0.25f);
        TVector x0 = TSimd.Broadcast(0), x1 = TSimd.Broadcast(1), x2 = TSimd.Broadcast(2), x3 = TSimd.Broadcast(3);
        TVector x4 = TSimd.Broadcast(4), x5 = TSimd.Broadcast(5), x6 = TSimd.Broadcast(6), x7 = TSimd.Broadcast(7);
        TVector x8 = TSimd.Broadcast(8), x9 = TSimd.Broadcast(9), x10 = TSimd.Broadcast(10), x11 = TSimd.Broadcast(11);
        for (int i = 0; i < rounds; i++)
        {
            x0 = TSimd.MultiplyAdd(x0, a, b);
            x1 = TSimd.MultiplyAdd(x1, a, b);
            x2 = TSimd.MultiplyAdd(x2, a, b);
            x3 = TSimd.MultiplyAdd(x3, a, b);
            x4 = TSimd.MultiplyAdd(x4, a, b);
            x5 = TSimd.MultiplyAdd(x5, a, b);
            x6 = TSimd.MultiplyAdd(x6, a, b);
            x7 = TSimd.MultiplyAdd(x7, a, b);
            x8 = TSimd.MultiplyAdd(x8, a, b);
            x9 = TSimd.MultiplyAdd(x9, a, b);
            x10 = TSimd.MultiplyAdd(x10, a, b);
            x11 = TSimd.MultiplyAdd(x11, a, b);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(x0, x1), TSimd.Add(x2, x3)), TSimd.Add(TSimd.Add(x4, x5), TSimd.Add(x6, x7)));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(x8, x9), TSimd.Add(x10, x11)));
        float* lanes = stackalloc float[TSimd.Width];
        TSimd.Store(lanes, sum);
        return lanes[0];
    }
}
