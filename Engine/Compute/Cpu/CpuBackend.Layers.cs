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
        BackwardInputWork work = InputGradient(dOutput, weight, inputActivation, mode, dInput);
        pool.Run(work, work.Plan.Tasks);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightsCore(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias)
    {
        WeightGradientWork work = WeightGradient(dOutput, input, mode, dWeight, dBias);
        pool.Run(work, work.Tasks);
        Own(dWeight.Buffer).MarkChanged();
    }

    /// <inheritdoc/>
    protected override void LinearBackwardCore(
        Matrix dOutput,
        ParameterView weight,
        Matrix input,
        Activation activation,
        ParameterView dWeight,
        ParameterView? dBias,
        Matrix dInput)
    {
        var work = new BackwardWork
        {
            Input = InputGradient(dOutput, weight, activation == Activation.None ? null : input, GradientMode.Overwrite, dInput),
            Weights = WeightGradient(dOutput, input, GradientMode.Overwrite, dWeight, dBias),
        };
        pool.Run(work, work.Tasks);
        Own(dWeight.Buffer).MarkChanged();
    }

    private BackwardInputWork InputGradient(
        Matrix dOutput, ParameterView weight, Matrix? inputActivation, GradientMode mode, Matrix dInput)
    {
        PackedWeights packed = Pack(weight, transposed: true);
        return new BackwardInputWork
        {
            Kernels = kernels,
            OutputGradient = Own(dOutput),
            Weights = packed,
            InputActivation = inputActivation is null ? null : Own(inputActivation),
            Accumulate = mode == GradientMode.Accumulate,
            InputGradient = Own(dInput),
            Plan = GemmPlan.For(Own(dInput).Panels, 1, packed, pool.Threads),
        };
    }

    private WeightGradientWork WeightGradient(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias) =>
        WeightGradientWork.Create(
            kernels,
            Own(dOutput),
            Own(input),
            dWeight,
            Pointer(dWeight),
            dBias is { } view ? Pointer(view) : null,
            mode == GradientMode.Accumulate,
            pool.Threads);

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

    private PackedWeights Pack(ParameterView weight, bool transposed) =>
        Own(weight.Buffer).Packed(weight, transposed, kernels, pool);
}
