using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// Micro-kernels of dW = dY^T X. Rows lie in lanes, so every accumulator is a vector of partial sums over the rows of its lane,
/// and nothing is turned or packed; the lanes are summed once at the end, four inputs at a time.
/// </summary>
internal static unsafe class GradientTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Rows = CpuMatrix.PanelRows;

    /// <summary>6 outputs by 4 inputs: 24 accumulators for 32 registers.</summary>
    public static void Tile6(in GradientOperands operands, float* sums, long stride)
    {
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
        TVector s20 = TSimd.Zero, s21 = TSimd.Zero, s22 = TSimd.Zero, s23 = TSimd.Zero;
        TVector s30 = TSimd.Zero, s31 = TSimd.Zero, s32 = TSimd.Zero, s33 = TSimd.Zero;
        TVector s40 = TSimd.Zero, s41 = TSimd.Zero, s42 = TSimd.Zero, s43 = TSimd.Zero;
        TVector s50 = TSimd.Zero, s51 = TSimd.Zero, s52 = TSimd.Zero, s53 = TSimd.Zero;
        for (int panel = 0; panel < operands.Panels; panel++)
        {
            float* d = operands.OutputGradient(panel);
            float* x = operands.Input(panel);
            for (int lane = 0; lane < Rows; lane += TSimd.Width)
            {
                TVector x0 = TSimd.Load(x);
                TVector x1 = TSimd.Load(x + Rows);
                TVector x2 = TSimd.Load(x + (2 * Rows));
                TVector x3 = TSimd.Load(x + (3 * Rows));
                TVector d0 = TSimd.Load(d);
                s00 = TSimd.MultiplyAdd(x0, d0, s00);
                s01 = TSimd.MultiplyAdd(x1, d0, s01);
                s02 = TSimd.MultiplyAdd(x2, d0, s02);
                s03 = TSimd.MultiplyAdd(x3, d0, s03);
                TVector d1 = TSimd.Load(d + Rows);
                s10 = TSimd.MultiplyAdd(x0, d1, s10);
                s11 = TSimd.MultiplyAdd(x1, d1, s11);
                s12 = TSimd.MultiplyAdd(x2, d1, s12);
                s13 = TSimd.MultiplyAdd(x3, d1, s13);
                TVector d2 = TSimd.Load(d + (2 * Rows));
                s20 = TSimd.MultiplyAdd(x0, d2, s20);
                s21 = TSimd.MultiplyAdd(x1, d2, s21);
                s22 = TSimd.MultiplyAdd(x2, d2, s22);
                s23 = TSimd.MultiplyAdd(x3, d2, s23);
                TVector d3 = TSimd.Load(d + (3 * Rows));
                s30 = TSimd.MultiplyAdd(x0, d3, s30);
                s31 = TSimd.MultiplyAdd(x1, d3, s31);
                s32 = TSimd.MultiplyAdd(x2, d3, s32);
                s33 = TSimd.MultiplyAdd(x3, d3, s33);
                TVector d4 = TSimd.Load(d + (4 * Rows));
                s40 = TSimd.MultiplyAdd(x0, d4, s40);
                s41 = TSimd.MultiplyAdd(x1, d4, s41);
                s42 = TSimd.MultiplyAdd(x2, d4, s42);
                s43 = TSimd.MultiplyAdd(x3, d4, s43);
                TVector d5 = TSimd.Load(d + (5 * Rows));
                s50 = TSimd.MultiplyAdd(x0, d5, s50);
                s51 = TSimd.MultiplyAdd(x1, d5, s51);
                s52 = TSimd.MultiplyAdd(x2, d5, s52);
                s53 = TSimd.MultiplyAdd(x3, d5, s53);
                x += TSimd.Width;
                d += TSimd.Width;
            }
        }

        TSimd.SumLanes(s00, s01, s02, s03).Store(sums);
        TSimd.SumLanes(s10, s11, s12, s13).Store(sums + stride);
        TSimd.SumLanes(s20, s21, s22, s23).Store(sums + (2 * stride));
        TSimd.SumLanes(s30, s31, s32, s33).Store(sums + (3 * stride));
        TSimd.SumLanes(s40, s41, s42, s43).Store(sums + (4 * stride));
        TSimd.SumLanes(s50, s51, s52, s53).Store(sums + (5 * stride));
    }

    /// <summary>2 outputs by 4 inputs: 8 accumulators for 16 registers.</summary>
    public static void Tile2(in GradientOperands operands, float* sums, long stride)
    {
        TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
        TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
        for (int panel = 0; panel < operands.Panels; panel++)
        {
            float* d = operands.OutputGradient(panel);
            float* x = operands.Input(panel);
            for (int lane = 0; lane < Rows; lane += TSimd.Width)
            {
                TVector d0 = TSimd.Load(d);
                TVector d1 = TSimd.Load(d + Rows);
                TVector x0 = TSimd.Load(x);
                s00 = TSimd.MultiplyAdd(x0, d0, s00);
                s10 = TSimd.MultiplyAdd(x0, d1, s10);
                TVector x1 = TSimd.Load(x + Rows);
                s01 = TSimd.MultiplyAdd(x1, d0, s01);
                s11 = TSimd.MultiplyAdd(x1, d1, s11);
                TVector x2 = TSimd.Load(x + (2 * Rows));
                s02 = TSimd.MultiplyAdd(x2, d0, s02);
                s12 = TSimd.MultiplyAdd(x2, d1, s12);
                TVector x3 = TSimd.Load(x + (3 * Rows));
                s03 = TSimd.MultiplyAdd(x3, d0, s03);
                s13 = TSimd.MultiplyAdd(x3, d1, s13);
                x += TSimd.Width;
                d += TSimd.Width;
            }
        }

        TSimd.SumLanes(s00, s01, s02, s03).Store(sums);
        TSimd.SumLanes(s10, s11, s12, s13).Store(sums + stride);
    }
}
