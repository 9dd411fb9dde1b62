namespace FlowRatio.Engine.Compute.Cpu;

/// <content>Forward and backward through a layer.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    protected override void LinearCore(
        Matrix input, ParameterView weight, ParameterView? bias, Activation activation, in StackLayout stack, Matrix output)
    {
        PackedWeights packed = Pack(weight, transposed: false);
        var work = new LinearWork
        {
            Kernels = kernels,
            Input = Own(input),
            Weights = packed,
            Bias = bias is { } view ? Pointer(view) : null,
            Activation = activation,
            Stack = stack,
            Output = Own(output),
            Plan = GemmPlan.For(Own(output).Panels, stack.Segments, packed, pool.Threads),
        };
        pool.Run(work, work.Plan.Tasks);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInputCore(
        Matrix dOutput, ParameterView weight, Matrix? inputActivation, GradientMode mode, Matrix dInput)
    {
        PackedWeights packed = Pack(weight, transposed: true);
        var work = new BackwardInputWork
        {
            Kernels = kernels,
            OutputGradient = Own(dOutput),
            Weights = packed,
            InputActivation = inputActivation is null ? null : Own(inputActivation),
            Accumulate = mode == GradientMode.Accumulate,
            InputGradient = Own(dInput),
            Plan = GemmPlan.For(Own(dInput).Panels, 1, packed, pool.Threads),
        };
        pool.Run(work, work.Plan.Tasks);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightsCore(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias)
    {
        // dW = dY^T X sums over rows, which lie in lanes: both operands are turned once, then the same tiles do the work with
        // 32 inputs as lanes and rows as the inner index.
        int rows = dOutput.Rows;
        int inputChunks = DivideUp(dWeight.Columns, CpuMatrix.PanelRows);
        int outputBlocks = DivideUp(dWeight.Rows, kernels.TileColumns);
        var work = new WeightGradientWork
        {
            Kernels = kernels,
            OutputGradient = Own(dOutput),
            Input = Own(input),
            Rows = rows,
            TurnedInput = Grow(ref scratchInput, (long)inputChunks * rows * CpuMatrix.PanelRows).Pointer,
            TurnedOutput = Grow(ref scratchOutput, (long)outputBlocks * rows * kernels.TileColumns).Pointer,
            WeightGradient = dWeight,
            Weight = Pointer(dWeight),
            Bias = dBias is { } view ? Pointer(view) : null,
            Accumulate = mode == GradientMode.Accumulate,
            InputChunks = inputChunks,
            OutputBlocks = outputBlocks,
        };
        pool.Run(new TurnWork { Work = work }, inputChunks + outputBlocks);
        pool.Run(work, inputChunks);
        Own(dWeight.Buffer).MarkChanged();
    }

    /// <inheritdoc/>
    protected override void ActivationBackwardCore(
        Matrix output, Activation activation, in StackLayout stack, Matrix gradient)
    {
        (double scale, double scaleAlpha) = ActivationFunction.Constants(activation);
        var work = new ActivationBackwardWork
        {
            Output = Own(output),
            Stack = stack,
            Gradient = Own(gradient),
            Scale = (float)scale,
            ScaleAlpha = (float)scaleAlpha,
        };
        pool.Run(work, Own(output).Panels);
    }

    private PackedWeights Pack(ParameterView weight, bool transposed)
    {
        PackedWeights packed = Own(weight.Buffer).Packed(weight, transposed, kernels.TileColumns);
        long version = weight.Buffer.Version;
        if (packed.Version != version)
        {
            var work = new PackWork { Packed = packed, Weight = Pointer(weight), Stride = weight.Stride, Transposed = transposed };
            pool.Run(work, packed.Blocks);
            packed.Version = version;
        }

        return packed;
    }

    private struct PackWork : IBlockWork
    {
        public PackedWeights Packed;
        public float* Weight;
        public int Stride;
        public bool Transposed;

        public readonly void Run(int block)
        {
            if (Transposed)
            {
                Packed.PackTransposedBlock(block, Weight, Stride);
            }
            else
            {
                Packed.PackBlock(block, Weight, Stride);
            }
        }
    }
}
