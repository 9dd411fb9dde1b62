using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>Launches the products of layers as kernels in PTX: chooses tile and variant, hands over the arguments of the kernels in C#.</summary>
/// <param name="device">A device that runs them.</param>
/// <param name="precision">How they multiply.</param>
internal sealed class ProductLaunches(Device device, ProductPrecision precision)
{
    // As many large tiles as a card has multiprocessors, about; a number of its own, so that no result depends on the card.
    private const int TilesToFillADevice = 128;
    private readonly Dictionary<ProductVariant, ProductKernel> kernels = [];

    /// <summary>Y = f(X W^T + b), or its tangents.</summary>
    /// <param name="layer">The arguments of the kernel in C#.</param>
    /// <param name="segments">Segments of this launch.</param>
    public void Launch(in LinearKernel layer, int segments)
    {
        ProductArguments arguments = Arguments(layer.Input, layer.Weight, layer.Output, layer.Rows, layer.Outputs, layer.Inputs);
        arguments.Bias = layer.HasBias != 0 ? Address(layer.Bias.Values) : 0;
        (arguments.FirstSegment, arguments.PrimalSegments, arguments.TangentConditions) =
            (layer.FirstSegment, layer.PrimalSegments, layer.TangentConditions);
        (arguments.IsActivated, arguments.Scale, arguments.ScaleAlpha) = (layer.IsActivated, layer.Scale, layer.ScaleAlpha);
        Launch(ProductKind.Layer, arguments, layer.Input, layer.Weight, segments);
    }

    /// <summary>dX = dY W.</summary>
    /// <param name="gradient">The arguments of the kernel in C#.</param>
    public void Launch(in InputGradientKernel gradient)
    {
        ProductArguments arguments = Arguments(
            gradient.OutputGradient, gradient.Weight, gradient.InputGradient, gradient.Rows, gradient.Inputs, gradient.Outputs);
        if (gradient.IsBehindSelu != 0)
        {
            (arguments.Activation, arguments.ActivationStride) =
                (Address(gradient.InputActivation.Values), gradient.InputActivation.Stride);
        }

        (arguments.Accumulates, arguments.Scale, arguments.ScaleAlpha) = (gradient.Accumulates, gradient.Scale, gradient.ScaleAlpha);
        Launch(ProductKind.InputGradient, arguments, gradient.OutputGradient, gradient.Weight, 1);
    }

    /// <summary>dW = dY^T X and db.</summary>
    /// <param name="gradient">The arguments of the kernel in C#.</param>
    /// <param name="parts">Parts of the batch.</param>
    public void Launch(in WeightGradientKernel gradient, int parts)
    {
        ProductArguments arguments = Arguments(
            gradient.OutputGradient, gradient.Input, gradient.WeightParts, gradient.Outputs, gradient.Inputs, gradient.Rows);
        arguments.Bias = gradient.HasBias != 0 ? Address(gradient.BiasParts) : 0;
        (arguments.BiasSegment, arguments.DepthPerPart, arguments.Accumulates) =
            (gradient.Outputs, gradient.RowsPerPart, gradient.Accumulates);
        Launch(ProductKind.WeightGradient, arguments, gradient.OutputGradient, gradient.Input, parts);
    }

    /// <summary>The tile for a product.</summary>
    /// <param name="precision">How it multiplies.</param>
    /// <param name="rows">Rows of the product.</param>
    /// <param name="columns">Columns of the product.</param>
    /// <param name="layers">Segments or parts.</param>
    public static ProductTile Tile(ProductPrecision precision, int rows, int columns, int layers)
    {
        bool isScalar = precision == ProductPrecision.Fp32;
        ProductTile large = isScalar ? ProductTile.LargeScalar : ProductTile.LargeTensor;
        ProductTile small = isScalar ? ProductTile.SmallScalar : ProductTile.SmallTensor;
        long tiles = (long)DivideUp(rows, large.Rows) * DivideUp(columns, large.Columns) * layers;
        return tiles >= TilesToFillADevice && columns > small.Columns ? large : small;
    }

    private static ProductArguments Arguments(in Operand left, in Operand right, in Operand result, int rows, int columns, int depth) => new()
    {
        Left = Address(left.Values),
        Right = Address(right.Values),
        Result = Address(result.Values),
        Rows = rows,
        Columns = columns,
        Depth = depth,
        LeftStride = left.Stride,
        RightStride = right.Stride,
        ResultStride = result.Stride,
        LeftSegment = left.SegmentStride,
        ResultSegment = result.SegmentStride,
    };

    private static ulong Address(ArrayView<float> view) => DeviceAddress.Of(view);

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;

    private void Launch(ProductKind kind, in ProductArguments arguments, in Operand left, in Operand right, int layers)
    {
        ProductTile tile = Tile(precision, arguments.Rows, arguments.Columns, layers);
        var variant = new ProductVariant(kind, precision, tile, left.IsAligned != 0, right.IsAligned != 0);
        if (!kernels.TryGetValue(variant, out ProductKernel? kernel))
        {
            kernel = ProductKernel.Create(variant);
            kernels.Add(variant, kernel);
        }

        var shape = new LaunchShape(
            DivideUp(arguments.Rows, tile.Rows), DivideUp(arguments.Columns, tile.Columns), layers, tile.Threads);
        device.Launch(new ProductLaunch { Kernel = kernel, Arguments = arguments }, shape);
    }
}
