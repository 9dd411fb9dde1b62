using FlowRatio.Kernels;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm.Ptx;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// Every kernel in PTX on ragged shapes against sums in float64: all products, precisions and tiles, factors copied by quadruples or by
/// single floats, warps in both orders. What lies beside the operands is NaN, and stays so.
/// </summary>
public sealed class ProductKernelTests
{
    private const int Margin = 5;
    private static readonly string[] Kinds = Enum.GetNames<ProductKind>();
    private static readonly ProductPrecision[] Precisions = [ProductPrecision.Fp32, ProductPrecision.Tf32, ProductPrecision.ThreeTf32];
    private static readonly (int Rows, int Columns, int Depth)[] Shapes = [(1, 1, 1), (130, 67, 37), (65, 129, 16), (20, 20, 100)];

    [Test]
    public void Product_is_the_sum(
        [ValueSource(nameof(Kinds))] string kindName,
        [ValueSource(nameof(Precisions))] ProductPrecision precision,
        [Values] bool large,
        [Values] bool aligned,
        [ValueSource(nameof(Shapes))] (int Rows, int Columns, int Depth) shape)
    {
        ProductKind kind = Enum.Parse<ProductKind>(kindName);
        var problem = new Problem(kind, shape.Rows, shape.Columns, shape.Depth, aligned);
        float[] actual = problem.Run(Variant(kind, precision, large, aligned), ThreadOrder.Ascending);
        (double[] expected, double[] scales) = problem.Expected();
        double roundoff = precision switch
        {
            ProductPrecision.Fp32 => 1.0 / (1 << 24),
            ProductPrecision.Tf32 => 1.0 / (1 << 11),
            _ => 1.0 / (1 << 22),
        };
        ErrorBound.Check(
            "product",
            expected,
            [.. actual.Select(value => (double)value)],
            [.. scales.Select(scale => ErrorBound.Of(roundoff, shape.Depth, scale))]);
        float[] descending = problem.Run(Variant(kind, precision, large, aligned), ThreadOrder.Descending);
        Assert.That(descending, Is.EqualTo(actual), "the same bits whichever warp is first");
    }

    [Test]
    public void A_sum_in_float32_has_the_same_bits_in_every_tile([ValueSource(nameof(Kinds))] string kindName)
    {
        ProductKind kind = Enum.Parse<ProductKind>(kindName);
        var problem = new Problem(kind, 140, 70, 50, aligned: true);
        Assert.That(
            problem.Run(Variant(kind, ProductPrecision.Fp32, large: false, aligned: true), ThreadOrder.Ascending),
            Is.EqualTo(problem.Run(Variant(kind, ProductPrecision.Fp32, large: true, aligned: false), ThreadOrder.Ascending)));
    }

    [Test]
    public void Tensor_cores_lose_no_NaN_and_no_infinity(
        [Values(ProductPrecision.Tf32, ProductPrecision.ThreeTf32)] ProductPrecision precision,
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f)] float value)
    {
        // All bits of a NaN's fraction set, as the card makes it: rounding must not carry into the sign.
        float poison = float.IsNaN(value) ? BitConverter.Int32BitsToSingle(0x7FFF_FFFF) : value;
        var problem = new Problem(ProductKind.Layer, 20, 20, 20, aligned: true);
        problem.Poison(poison);
        float[] actual = problem.Run(Variant(ProductKind.Layer, precision, large: false, aligned: true), ThreadOrder.Ascending);
        Assert.That(actual.Take(20), Has.All.Matches<float>(x => !float.IsFinite(x)));
        Assert.That(actual.Skip(20), Has.All.Matches<float>(float.IsFinite));
    }

    [TestCase("bar.sync 0;", "", ExpectedResult = false)]
    [TestCase("cp.async.wait_group 2;", "cp.async.wait_group 3;", ExpectedResult = false)]
    [TestCase("add.s32 %r1, %r1, 0;", "", ExpectedResult = true)]
    public bool A_kernel_without_its_barrier_or_its_wait_is_found(string from, string to)
    {
        // What a card would get right by luck most of the time is NaN here. The last case changes nothing.
        var problem = new Problem(ProductKind.Layer, 100, 100, 100, aligned: true);
        float[] actual = problem.Run(
            Variant(ProductKind.Layer, ProductPrecision.Tf32, large: false, aligned: true), ThreadOrder.Ascending, text => text.Replace(from, to, StringComparison.Ordinal));
        return Array.TrueForAll(actual, float.IsFinite);
    }

    private static ProductVariant Variant(ProductKind kind, ProductPrecision precision, bool large, bool aligned)
    {
        ProductTile tile = precision == ProductPrecision.Fp32
            ? large ? ProductTile.LargeScalar : ProductTile.SmallScalar
            : large ? ProductTile.LargeTensor : ProductTile.SmallTensor;
        return new ProductVariant(kind, precision, tile, aligned, aligned);
    }

    /// <summary>One product: factors of normal deviates inside larger buffers of NaN.</summary>
    private sealed class Problem
    {
        private readonly ProductKind kind;
        private readonly int rows;
        private readonly int columns;
        private readonly int depth;
        private readonly int pad;
        private readonly float[] left;
        private readonly float[] right;

        public Problem(ProductKind kind, int rows, int columns, int depth, bool aligned)
        {
            (this.kind, this.rows, this.columns, this.depth) = (kind, rows, columns, depth);
            pad = aligned ? 4 : 1;
            var random = new RandomData((ulong)((rows * 10_000) + (columns * 100) + depth));
            (left, right) = (random.Normal(rows * depth), random.Normal(columns * depth));
        }

        private bool LeftAlongDepth => kind != ProductKind.WeightGradient;

        private bool RightAlongDepth => kind == ProductKind.Layer;

        public void Poison(float value) => left[0] = value;

        public (double[] Sums, double[] Scales) Expected()
        {
            double[] sums = new double[rows * columns], scales = new double[rows * columns];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    for (int k = 0; k < depth; k++)
                    {
                        double term = (double)left[(i * depth) + k] * right[(j * depth) + k];
                        sums[(i * columns) + j] += term;
                        scales[(i * columns) + j] += Math.Abs(term);
                    }
                }
            }

            return (sums, scales);
        }

        public float[] Run(ProductVariant variant, ThreadOrder order, Func<string, string>? change = null)
        {
            using var device = new EmulatedDevice(products: new PtxMachine(order, change));
            (float[] a, int leftStride) = Place(left, rows, LeftAlongDepth);
            (float[] b, int rightStride) = Place(right, columns, RightAlongDepth);
            int stride = columns + Margin;
            float[] c = new float[((rows + 1) * stride) + Margin];
            Array.Fill(c, float.NaN);
            using DeviceMemory<float> deviceA = device.Allocate<float>(a.Length), deviceB = device.Allocate<float>(b.Length);
            using DeviceMemory<float> deviceC = device.Allocate<float>(c.Length);
            deviceA.Write(a);
            deviceB.Write(b);
            deviceC.Write(c);
            ulong Inside(DeviceMemory<float> memory) => memory.View.Address + (ulong)(pad * sizeof(float));
            var arguments = new ProductArguments
            {
                Left = Inside(deviceA),
                Right = Inside(deviceB),
                Result = Inside(deviceC),
                Rows = rows,
                Columns = columns,
                Depth = depth,
                LeftStride = leftStride,
                RightStride = rightStride,
                ResultStride = stride,
                PrimalSegments = 1,
                TangentConditions = 1,
                DepthPerPart = depth,
            };
            ProductTile tile = variant.Tile;
            var shape = new LaunchShape(
                (rows + tile.Rows - 1) / tile.Rows, (columns + tile.Columns - 1) / tile.Columns, 1, tile.Threads);
            device.Launch(new ProductLaunch { Kernel = ProductKernel.Create(variant), Arguments = arguments }, shape);
            deviceC.Read(c);
            float[] result = new float[rows * columns];
            for (int i = 0; i < rows; i++)
            {
                Span<float> row = c.AsSpan(pad + (i * stride), columns);
                row.CopyTo(result.AsSpan(i * columns));
                row.Fill(float.NaN);
            }

            Assert.That(c, Is.All.NaN, "elements beside the result were written");
            return result;
        }

        /// <summary>A factor as it lies in memory: its rows along the inner index or across it, NaN all around.</summary>
        private (float[] Values, int Stride) Place(float[] values, int count, bool alongDepth)
        {
            (int memoryRows, int memoryColumns) = alongDepth ? (count, depth) : (depth, count);
            int stride = pad == 4 ? ((memoryColumns + 3) / 4 * 4) + 4 : memoryColumns + 1;
            float[] placed = new float[pad + (memoryRows * stride) + Margin];
            Array.Fill(placed, float.NaN);
            for (int i = 0; i < count; i++)
            {
                for (int k = 0; k < depth; k++)
                {
                    placed[pad + (alongDepth ? (i * stride) + k : (k * stride) + i)] = values[(i * depth) + k];
                }
            }

            return (placed, stride);
        }
    }
}
