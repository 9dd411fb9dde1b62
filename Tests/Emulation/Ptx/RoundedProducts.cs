using System.Numerics;
using FlowRatio.Kernels;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// The arithmetic of the products in PTX without their text: the same roundings of factors and sums in the same order, and so the same bits
/// as <see cref="PtxMachine"/>, fast enough to train with.
/// </summary>
/// <param name="truncates">
/// Whether tensor cores cut off what does not fit into a float32 sum, as measurements of real ones say (Fasi, Higham, Mikaitis, Pranesh 2021), in
/// place of rounding it.
/// </param>
internal sealed unsafe class RoundedProducts(bool truncates = false) : IProductMachine
{
    private const int FragmentDepth = 8;
    private const float Splitter = 8193;
    private const uint KeptBits = 0xFFFF_E000;

    public void Run(ProductKernel kernel, in ProductArguments arguments, LaunchShape shape, Func<ulong, int, bool> isMemory)
    {
        ProductArguments k = arguments;
        for (int layer = 0; layer < shape.Z; layer++)
        {
            switch (kernel.Variant.Kind)
            {
                case ProductKind.Layer:
                    Layer(k, kernel.Variant.Precision, k.FirstSegment + layer);
                    break;
                case ProductKind.InputGradient:
                    InputGradient(k, kernel.Variant.Precision);
                    break;
                default:
                    WeightGradient(k, kernel.Variant.Precision, layer);
                    break;
            }
        }
    }

    /// <summary>A factor's part that a tensor core takes: 11 bits, by Veltkamp's splitting.</summary>
    public static float Rounded(float value)
    {
        float scaled = value * Splitter;
        return scaled - (scaled - value);
    }

    /// <summary>What rounding left of a factor, cut off to 11 bits.</summary>
    public static float Rest(float value, float rounded) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value - rounded) & KeptBits);

    private static float* At(ulong address, long offset) => (float*)address + offset;

    private void Layer(in ProductArguments k, ProductPrecision precision, int segment)
    {
        float* left = At(k.Left, (long)segment * k.LeftSegment);
        float[] sums = Multiply(k.Rows, k.Columns, k.Depth, precision, left, k.LeftStride, 1, At(k.Right, 0), k.RightStride, 1);
        float* result = At(k.Result, (long)segment * k.ResultSegment);
        bool isTangent = segment >= k.PrimalSegments;
        float* primal = isTangent && k.IsActivated != 0
            ? At(k.Result, (long)((segment - k.PrimalSegments) % k.TangentConditions) * k.ResultSegment)
            : null;
        for (int i = 0; i < k.Rows; i++)
        {
            for (int j = 0; j < k.Columns; j++)
            {
                long at = ((long)i * k.ResultStride) + j;
                float sum = sums[(i * k.Columns) + j];
                float biased = sum + (isTangent || k.Bias == 0 ? 0 : *At(k.Bias, j));
                result[at] = k.IsActivated == 0 ? biased
                    : isTangent ? sum * Slope(primal[at], k.Scale, k.ScaleAlpha)
                    : Activation(biased, k.Scale, k.ScaleAlpha);
            }
        }
    }

    private void InputGradient(in ProductArguments k, ProductPrecision precision)
    {
        float* result = At(k.Result, 0);
        float[] sums = Multiply(k.Rows, k.Columns, k.Depth, precision, At(k.Left, 0), k.LeftStride, 1, At(k.Right, 0), 1, k.RightStride);
        for (int i = 0; i < k.Rows; i++)
        {
            for (int j = 0; j < k.Columns; j++)
            {
                float sum = sums[(i * k.Columns) + j];
                float* to = result + ((long)i * k.ResultStride) + j;
                *to = k.Activation != 0 ? sum * Slope(*At(k.Activation, ((long)i * k.ActivationStride) + j), k.Scale, k.ScaleAlpha)
                    : k.Accumulates != 0 ? *to + sum : sum;
            }
        }
    }

    private void WeightGradient(in ProductArguments k, ProductPrecision precision, int part)
    {
        int first = part * k.DepthPerPart, depth = Math.Max(0, Math.Min(k.DepthPerPart, k.Depth - first));
        float* left = At(k.Left, (long)first * k.LeftStride), right = At(k.Right, (long)first * k.RightStride);
        float* result = At(k.Result, (long)part * k.ResultSegment);
        float[] sums = Multiply(k.Rows, k.Columns, depth, precision, left, 1, k.LeftStride, right, 1, k.RightStride);
        for (int i = 0; i < k.Rows; i++)
        {
            for (int j = 0; j < k.Columns; j++)
            {
                float* to = result + ((long)i * k.ResultStride) + j;
                float sum = sums[(i * k.Columns) + j];
                *to = k.Accumulates != 0 ? *to + sum : sum;
            }

            if (k.Bias != 0)
            {
                float bias = 0;
                for (int d = 0; d < depth; d++)
                {
                    bias += left[((long)d * k.LeftStride) + i];
                }

                float* to = At(k.Bias, ((long)part * k.BiasSegment) + i);
                *to = k.Accumulates != 0 ? *to + bias : bias;
            }
        }
    }

    /// <summary>The product of factors whose elements lie at <c>row * rowStride + step * stepStride</c>, columns likewise.</summary>
    private float[] Multiply(
        int rows,
        int columns,
        int depth,
        ProductPrecision precision,
        float* left,
        int rowStride,
        int leftStepStride,
        float* right,
        int columnStride,
        int rightStepStride)
    {
        float[] a = new float[rows * depth], b = new float[depth * columns], sums = new float[rows * columns];
        for (int d = 0; d < depth; d++)
        {
            for (int i = 0; i < rows; i++)
            {
                a[(i * depth) + d] = left[((long)i * rowStride) + ((long)d * leftStepStride)];
            }

            for (int j = 0; j < columns; j++)
            {
                b[(d * columns) + j] = right[((long)j * columnStride) + ((long)d * rightStepStride)];
            }
        }

        if (precision == ProductPrecision.Fp32)
        {
            MultiplyAdd(a, b, sums, rows, columns, depth);
            return sums;
        }

        double[] aHigh = Array.ConvertAll(a, value => (double)Rounded(value)), bHigh = Array.ConvertAll(b, value => (double)Rounded(value));
        double[] aLow = [], bLow = [];
        if (precision == ProductPrecision.ThreeTf32)
        {
            aLow = Array.ConvertAll(a, value => (double)Rest(value, Rounded(value)));
            bLow = Array.ConvertAll(b, value => (double)Rest(value, Rounded(value)));
        }

        for (int i = 0; i < rows; i++)
        {
            Span<float> row = sums.AsSpan(i * columns, columns);
            for (int d = 0; d < depth; d += FragmentDepth)
            {
                int count = Math.Min(FragmentDepth, depth - d);
                if (precision == ProductPrecision.ThreeTf32)
                {
                    Fragment(aLow.AsSpan((i * depth) + d, count), bHigh.AsSpan(d * columns), row);
                    Fragment(aHigh.AsSpan((i * depth) + d, count), bLow.AsSpan(d * columns), row);
                }

                Fragment(aHigh.AsSpan((i * depth) + d, count), bHigh.AsSpan(d * columns), row);
            }
        }

        return sums;
    }

    private static void MultiplyAdd(float[] a, float[] b, float[] sums, int rows, int columns, int depth)
    {
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = sums.AsSpan(i * columns, columns);
            for (int d = 0; d < depth; d++)
            {
                float factor = a[(i * depth) + d];
                ReadOnlySpan<float> others = b.AsSpan(d * columns, columns);
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = MathF.FusedMultiplyAdd(factor, others[j], row[j]);
                }
            }
        }
    }

    /// <summary>One instruction's worth of steps: exact products, added in double precision, rounded or cut off once.</summary>
    private void Fragment(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<float> sums)
    {
        Span<double> wide = stackalloc double[Vector<double>.Count];
        for (int j = 0; j < sums.Length; j += Vector<double>.Count)
        {
            int count = Math.Min(Vector<double>.Count, sums.Length - j);
            wide.Clear();
            for (int n = 0; n < count; n++)
            {
                wide[n] = sums[j + n];
            }

            if (count == Vector<double>.Count)
            {
                var total = new Vector<double>(wide);
                for (int d = 0; d < a.Length; d++)
                {
                    total += new Vector<double>(a[d]) * new Vector<double>(b.Slice((d * sums.Length) + j, count));
                }

                total.CopyTo(wide);
            }
            else
            {
                for (int d = 0; d < a.Length; d++)
                {
                    for (int n = 0; n < count; n++)
                    {
                        wide[n] += a[d] * b[(d * sums.Length) + j + n];
                    }
                }
            }

            for (int n = 0; n < count; n++)
            {
                sums[j + n] = ToSingle(wide[n]);
            }
        }
    }

    private float ToSingle(double value)
    {
        float rounded = (float)value;
        return truncates && Math.Abs((double)rounded) > Math.Abs(value)
            ? rounded > 0 ? MathF.BitDecrement(rounded) : MathF.BitIncrement(rounded)
            : rounded;
    }

    /// <summary>SELU or ELU, operation by operation as <see cref="PtxActivation"/> writes it.</summary>
    private static float Activation(float x, float scale, float scaleAlpha)
    {
        if (x > 0)
        {
            return x * scale;
        }

        const float shift = 12582912f;
        float bounded = x < -87f ? -87f : x;
        float shifted = MathF.FusedMultiplyAdd(bounded, 1.44269504088896341f, shift);
        float n = shifted - shift;
        float r = MathF.FusedMultiplyAdd(n, -0.693359375f, bounded);
        r = MathF.FusedMultiplyAdd(n, 2.12194440e-4f, r);
        float p = 1.9875691500e-4f;
        foreach (float c in (ReadOnlySpan<float>)[1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f])
        {
            p = MathF.FusedMultiplyAdd(p, r, c);
        }

        float q = MathF.FusedMultiplyAdd(p, r * r, r);
        float power = BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(shifted) + 127) << 23);
        return MathF.FusedMultiplyAdd(q, power, power + -1) * scaleAlpha;
    }

    private static float Slope(float a, float scale, float scaleAlpha) => a > 0 ? scale : a + scaleAlpha;
}
