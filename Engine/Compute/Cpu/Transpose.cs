using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Turns columns that lie contiguously, as the rows of a weight, into rows.</summary>
internal static unsafe class Transpose
{
    /// <summary>
    /// Takes columns that are <paramref name="sourceStride"/> floats apart and writes <paramref name="rows"/> rows of <paramref name="stride"/> floats;
    /// columns beyond those given become zero.
    /// </summary>
    public static void Columns(float* source, int sourceStride, int columns, int rows, float* destination, int stride)
    {
        int column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            float* from = source + ((long)column * sourceStride);
            int r = 0;
            for (; r + 4 <= rows; r += 4)
            {
                Block(from + r, sourceStride, destination + ((long)r * stride) + column, stride);
            }

            for (; r < rows; r++)
            {
                for (int j = 0; j < 4; j++)
                {
                    destination[((long)r * stride) + column + j] = from[((long)j * sourceStride) + r];
                }
            }
        }

        for (; column < stride; column++)
        {
            float* from = source + ((long)column * sourceStride);
            for (int r = 0; r < rows; r++)
            {
                destination[((long)r * stride) + column] = column < columns ? from[r] : 0;
            }
        }
    }

    /// <summary>A 4 x 4 block.</summary>
    private static void Block(float* source, int sourceStride, float* destination, int stride)
    {
        Vector128<float> a = Vector128.Load(source);
        Vector128<float> b = Vector128.Load(source + sourceStride);
        Vector128<float> c = Vector128.Load(source + (2L * sourceStride));
        Vector128<float> d = Vector128.Load(source + (3L * sourceStride));
        if (Sse.IsSupported)
        {
            Vector128<float> abLow = Sse.UnpackLow(a, b);
            Vector128<float> abHigh = Sse.UnpackHigh(a, b);
            Vector128<float> cdLow = Sse.UnpackLow(c, d);
            Vector128<float> cdHigh = Sse.UnpackHigh(c, d);
            Sse.MoveLowToHigh(abLow, cdLow).Store(destination);
            Sse.MoveHighToLow(cdLow, abLow).Store(destination + stride);
            Sse.MoveLowToHigh(abHigh, cdHigh).Store(destination + (2L * stride));
            Sse.MoveHighToLow(cdHigh, abHigh).Store(destination + (3L * stride));
            return;
        }

        for (int i = 0; i < 4; i++)
        {
            Vector128.Create(a[i], b[i], c[i], d[i]).Store(destination + ((long)i * stride));
        }
    }
}
