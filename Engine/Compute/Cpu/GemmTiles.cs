using System.Runtime.CompilerServices;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// The micro-kernels. Accumulators are named locals, since only those stay in registers; a load of two vectors of rows serves
/// all columns, each weight is broadcast once. All forms compute the same chain of multiply-adds per element.
/// </summary>
internal static unsafe class GemmTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>6 columns by two vectors of rows.</summary>
    public static void Tile6(float* a, float* b, int k, float* c, long cStride)
    {
        TVector c0L = TSimd.Zero, c0H = TSimd.Zero;
        TVector c1L = TSimd.Zero, c1H = TSimd.Zero;
        TVector c2L = TSimd.Zero, c2H = TSimd.Zero;
        TVector c3L = TSimd.Zero, c3H = TSimd.Zero;
        TVector c4L = TSimd.Zero, c4H = TSimd.Zero;
        TVector c5L = TSimd.Zero, c5H = TSimd.Zero;
        for (int i = 0; i < k; i++)
        {
            TVector low = TSimd.Load(a);
            TVector high = TSimd.Load(a + TSimd.Width);
            TVector w0 = TSimd.Broadcast(b[0]);
            c0L = TSimd.MultiplyAdd(low, w0, c0L);
            c0H = TSimd.MultiplyAdd(high, w0, c0H);
            TVector w1 = TSimd.Broadcast(b[1]);
            c1L = TSimd.MultiplyAdd(low, w1, c1L);
            c1H = TSimd.MultiplyAdd(high, w1, c1H);
            TVector w2 = TSimd.Broadcast(b[2]);
            c2L = TSimd.MultiplyAdd(low, w2, c2L);
            c2H = TSimd.MultiplyAdd(high, w2, c2H);
            TVector w3 = TSimd.Broadcast(b[3]);
            c3L = TSimd.MultiplyAdd(low, w3, c3L);
            c3H = TSimd.MultiplyAdd(high, w3, c3H);
            TVector w4 = TSimd.Broadcast(b[4]);
            c4L = TSimd.MultiplyAdd(low, w4, c4L);
            c4H = TSimd.MultiplyAdd(high, w4, c4H);
            TVector w5 = TSimd.Broadcast(b[5]);
            c5L = TSimd.MultiplyAdd(low, w5, c5L);
            c5H = TSimd.MultiplyAdd(high, w5, c5H);
            a += CpuMatrix.PanelRows;
            b += 6;
        }

        Store(c, c0L, c0H);
        Store(c + (1 * cStride), c1L, c1H);
        Store(c + (2 * cStride), c2L, c2H);
        Store(c + (3 * cStride), c3L, c3H);
        Store(c + (4 * cStride), c4L, c4H);
        Store(c + (5 * cStride), c5L, c5H);
    }

    /// <summary>10 columns by two vectors of rows.</summary>
    public static void Tile10(float* a, float* b, int k, float* c, long cStride)
    {
        TVector c0L = TSimd.Zero, c0H = TSimd.Zero;
        TVector c1L = TSimd.Zero, c1H = TSimd.Zero;
        TVector c2L = TSimd.Zero, c2H = TSimd.Zero;
        TVector c3L = TSimd.Zero, c3H = TSimd.Zero;
        TVector c4L = TSimd.Zero, c4H = TSimd.Zero;
        TVector c5L = TSimd.Zero, c5H = TSimd.Zero;
        TVector c6L = TSimd.Zero, c6H = TSimd.Zero;
        TVector c7L = TSimd.Zero, c7H = TSimd.Zero;
        TVector c8L = TSimd.Zero, c8H = TSimd.Zero;
        TVector c9L = TSimd.Zero, c9H = TSimd.Zero;
        for (int i = 0; i < k; i++)
        {
            TVector low = TSimd.Load(a);
            TVector high = TSimd.Load(a + TSimd.Width);
            TVector w0 = TSimd.Broadcast(b[0]);
            c0L = TSimd.MultiplyAdd(low, w0, c0L);
            c0H = TSimd.MultiplyAdd(high, w0, c0H);
            TVector w1 = TSimd.Broadcast(b[1]);
            c1L = TSimd.MultiplyAdd(low, w1, c1L);
            c1H = TSimd.MultiplyAdd(high, w1, c1H);
            TVector w2 = TSimd.Broadcast(b[2]);
            c2L = TSimd.MultiplyAdd(low, w2, c2L);
            c2H = TSimd.MultiplyAdd(high, w2, c2H);
            TVector w3 = TSimd.Broadcast(b[3]);
            c3L = TSimd.MultiplyAdd(low, w3, c3L);
            c3H = TSimd.MultiplyAdd(high, w3, c3H);
            TVector w4 = TSimd.Broadcast(b[4]);
            c4L = TSimd.MultiplyAdd(low, w4, c4L);
            c4H = TSimd.MultiplyAdd(high, w4, c4H);
            TVector w5 = TSimd.Broadcast(b[5]);
            c5L = TSimd.MultiplyAdd(low, w5, c5L);
            c5H = TSimd.MultiplyAdd(high, w5, c5H);
            TVector w6 = TSimd.Broadcast(b[6]);
            c6L = TSimd.MultiplyAdd(low, w6, c6L);
            c6H = TSimd.MultiplyAdd(high, w6, c6H);
            TVector w7 = TSimd.Broadcast(b[7]);
            c7L = TSimd.MultiplyAdd(low, w7, c7L);
            c7H = TSimd.MultiplyAdd(high, w7, c7H);
            TVector w8 = TSimd.Broadcast(b[8]);
            c8L = TSimd.MultiplyAdd(low, w8, c8L);
            c8H = TSimd.MultiplyAdd(high, w8, c8H);
            TVector w9 = TSimd.Broadcast(b[9]);
            c9L = TSimd.MultiplyAdd(low, w9, c9L);
            c9H = TSimd.MultiplyAdd(high, w9, c9H);
            a += CpuMatrix.PanelRows;
            b += 10;
        }

        Store(c, c0L, c0H);
        Store(c + (1 * cStride), c1L, c1H);
        Store(c + (2 * cStride), c2L, c2H);
        Store(c + (3 * cStride), c3L, c3H);
        Store(c + (4 * cStride), c4L, c4H);
        Store(c + (5 * cStride), c5L, c5H);
        Store(c + (6 * cStride), c6L, c6H);
        Store(c + (7 * cStride), c7L, c7H);
        Store(c + (8 * cStride), c8L, c8H);
        Store(c + (9 * cStride), c9L, c9H);
    }

    /// <summary>14 columns by two vectors of rows.</summary>
    public static void Tile14(float* a, float* b, int k, float* c, long cStride)
    {
        TVector c0L = TSimd.Zero, c0H = TSimd.Zero;
        TVector c1L = TSimd.Zero, c1H = TSimd.Zero;
        TVector c2L = TSimd.Zero, c2H = TSimd.Zero;
        TVector c3L = TSimd.Zero, c3H = TSimd.Zero;
        TVector c4L = TSimd.Zero, c4H = TSimd.Zero;
        TVector c5L = TSimd.Zero, c5H = TSimd.Zero;
        TVector c6L = TSimd.Zero, c6H = TSimd.Zero;
        TVector c7L = TSimd.Zero, c7H = TSimd.Zero;
        TVector c8L = TSimd.Zero, c8H = TSimd.Zero;
        TVector c9L = TSimd.Zero, c9H = TSimd.Zero;
        TVector c10L = TSimd.Zero, c10H = TSimd.Zero;
        TVector c11L = TSimd.Zero, c11H = TSimd.Zero;
        TVector c12L = TSimd.Zero, c12H = TSimd.Zero;
        TVector c13L = TSimd.Zero, c13H = TSimd.Zero;
        for (int i = 0; i < k; i++)
        {
            TVector low = TSimd.Load(a);
            TVector high = TSimd.Load(a + TSimd.Width);
            TVector w0 = TSimd.Broadcast(b[0]);
            c0L = TSimd.MultiplyAdd(low, w0, c0L);
            c0H = TSimd.MultiplyAdd(high, w0, c0H);
            TVector w1 = TSimd.Broadcast(b[1]);
            c1L = TSimd.MultiplyAdd(low, w1, c1L);
            c1H = TSimd.MultiplyAdd(high, w1, c1H);
            TVector w2 = TSimd.Broadcast(b[2]);
            c2L = TSimd.MultiplyAdd(low, w2, c2L);
            c2H = TSimd.MultiplyAdd(high, w2, c2H);
            TVector w3 = TSimd.Broadcast(b[3]);
            c3L = TSimd.MultiplyAdd(low, w3, c3L);
            c3H = TSimd.MultiplyAdd(high, w3, c3H);
            TVector w4 = TSimd.Broadcast(b[4]);
            c4L = TSimd.MultiplyAdd(low, w4, c4L);
            c4H = TSimd.MultiplyAdd(high, w4, c4H);
            TVector w5 = TSimd.Broadcast(b[5]);
            c5L = TSimd.MultiplyAdd(low, w5, c5L);
            c5H = TSimd.MultiplyAdd(high, w5, c5H);
            TVector w6 = TSimd.Broadcast(b[6]);
            c6L = TSimd.MultiplyAdd(low, w6, c6L);
            c6H = TSimd.MultiplyAdd(high, w6, c6H);
            TVector w7 = TSimd.Broadcast(b[7]);
            c7L = TSimd.MultiplyAdd(low, w7, c7L);
            c7H = TSimd.MultiplyAdd(high, w7, c7H);
            TVector w8 = TSimd.Broadcast(b[8]);
            c8L = TSimd.MultiplyAdd(low, w8, c8L);
            c8H = TSimd.MultiplyAdd(high, w8, c8H);
            TVector w9 = TSimd.Broadcast(b[9]);
            c9L = TSimd.MultiplyAdd(low, w9, c9L);
            c9H = TSimd.MultiplyAdd(high, w9, c9H);
            TVector w10 = TSimd.Broadcast(b[10]);
            c10L = TSimd.MultiplyAdd(low, w10, c10L);
            c10H = TSimd.MultiplyAdd(high, w10, c10H);
            TVector w11 = TSimd.Broadcast(b[11]);
            c11L = TSimd.MultiplyAdd(low, w11, c11L);
            c11H = TSimd.MultiplyAdd(high, w11, c11H);
            TVector w12 = TSimd.Broadcast(b[12]);
            c12L = TSimd.MultiplyAdd(low, w12, c12L);
            c12H = TSimd.MultiplyAdd(high, w12, c12H);
            TVector w13 = TSimd.Broadcast(b[13]);
            c13L = TSimd.MultiplyAdd(low, w13, c13L);
            c13H = TSimd.MultiplyAdd(high, w13, c13H);
            a += CpuMatrix.PanelRows;
            b += 14;
        }

        Store(c, c0L, c0H);
        Store(c + (1 * cStride), c1L, c1H);
        Store(c + (2 * cStride), c2L, c2H);
        Store(c + (3 * cStride), c3L, c3H);
        Store(c + (4 * cStride), c4L, c4H);
        Store(c + (5 * cStride), c5L, c5H);
        Store(c + (6 * cStride), c6L, c6H);
        Store(c + (7 * cStride), c7L, c7H);
        Store(c + (8 * cStride), c8L, c8H);
        Store(c + (9 * cStride), c9L, c9H);
        Store(c + (10 * cStride), c10L, c10H);
        Store(c + (11 * cStride), c11L, c11H);
        Store(c + (12 * cStride), c12L, c12H);
        Store(c + (13 * cStride), c13L, c13H);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, TVector low, TVector high)
    {
        TSimd.Store(c, low);
        TSimd.Store(c + TSimd.Width, high);
    }
}
