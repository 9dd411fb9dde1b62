using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Turns panel data, <c>[column][32 rows]</c>, into rows.</summary>
internal static unsafe class Transpose
{
    /// <summary>Writes <paramref name="rows"/> rows of <paramref name="stride"/> floats; columns beyond those given become zero.</summary>
    public static void Panel(float* source, int columns, int rows, float* destination, int stride)
    {
        int column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            float* from = source + (column * CpuMatrix.PanelRows);
            int r = 0;
            for (; r + 4 <= rows; r += 4)
            {
                Block(from + r, destination + ((long)r * stride) + column, stride);
            }

            for (; r < rows; r++)
            {
                for (int j = 0; j < 4; j++)
                {
                    destination[((long)r * stride) + column + j] = from[(j * CpuMatrix.PanelRows) + r];
                }
            }
        }

        for (; column < stride; column++)
        {
            float* from = source + (column * CpuMatrix.PanelRows);
            for (int r = 0; r < rows; r++)
            {
                destination[((long)r * stride) + column] = column < columns ? from[r] : 0;
            }
        }
    }

    /// <summary>A 4 x 4 block.</summary>
    private static void Block(float* source, float* destination, int stride)
    {
        Vector128<float> a = Vector128.Load(source);
        Vector128<float> b = Vector128.Load(source + CpuMatrix.PanelRows);
        Vector128<float> c = Vector128.Load(source + (2 * CpuMatrix.PanelRows));
        Vector128<float> d = Vector128.Load(source + (3 * CpuMatrix.PanelRows));
        Vector128<float> abLow = Interleave(a, b, high: false);
        Vector128<float> abHigh = Interleave(a, b, high: true);
        Vector128<float> cdLow = Interleave(c, d, high: false);
        Vector128<float> cdHigh = Interleave(c, d, high: true);
        Vector128.Create(abLow.GetLower(), cdLow.GetLower()).Store(destination);
        Vector128.Create(abLow.GetUpper(), cdLow.GetUpper()).Store(destination + stride);
        Vector128.Create(abHigh.GetLower(), cdHigh.GetLower()).Store(destination + (2L * stride));
        Vector128.Create(abHigh.GetUpper(), cdHigh.GetUpper()).Store(destination + (3L * stride));
    }

    private static Vector128<float> Interleave(Vector128<float> left, Vector128<float> right, bool high)
    {
        if (Sse.IsSupported)
        {
            return high
                ? Sse.UnpackHigh(left, right)
                : Sse.UnpackLow(left, right);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return high
                ? AdvSimd.Arm64.ZipHigh(left, right)
                : AdvSimd.Arm64.ZipLow(left, right);
        }

        int at = high ? 2 : 0;
        return Vector128.Create(left[at], right[at], left[at + 1], right[at + 1]);
    }
}
