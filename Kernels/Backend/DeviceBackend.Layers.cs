using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Layers;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Backend;

/// <content>Layers.</content>
internal sealed partial class DeviceBackend
{
    // A weight gradient sums over the batch: a part has enough rows to be worth a group's start, and there are enough groups to fill a
    // device where the layer's own tiles do not.
    private const int LeastRowsPerPart = 128;
    private const int GroupsToFillADevice = 256;

    /// <inheritdoc/>
    protected override void LinearCore(
        Matrix input, ParameterView weight, ParameterView? bias, Activation activation, in StackLayout stack, Matrix output)
    {
        (double scale, double scaleAlpha) = ActivationFunction.Constants(activation);
        var kernel = new LinearKernel
        {
            Input = Own(input).Operand,
            Weight = Factor(weight),
            Bias = bias is { } view ? Factor(view) : Factor(weight),
            Output = Own(output).Operand,
            Rows = output.Rows,
            Inputs = weight.Columns,
            Outputs = weight.Rows,
            PrimalSegments = stack.PrimalSegments,
            TangentConditions = stack.TangentConditions,
            HasBias = bias is null ? 0 : 1,
            IsActivated = activation == Activation.None ? 0 : 1,
            Scale = (float)scale,
            ScaleAlpha = (float)scaleAlpha,
        };

        // Only behind an activation do tangents wait for their primal rows.
        int first = activation == Activation.None ? stack.Segments : stack.PrimalSegments;
        Launch(kernel, 0, first);
        if (first < stack.Segments)
        {
            Launch(kernel, first, stack.Segments - first);
        }
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInputCore(
        Matrix dOutput, ParameterView weight, Matrix? inputActivation, GradientMode mode, Matrix dInput)
    {
        var kernel = new InputGradientKernel
        {
            OutputGradient = Own(dOutput).Operand,
            Weight = Factor(weight),
            InputActivation = Own(inputActivation ?? dInput).Operand,
            InputGradient = Own(dInput).Operand,
            Rows = dInput.Rows,
            Inputs = weight.Columns,
            Outputs = weight.Rows,
            IsBehindSelu = inputActivation is null ? 0 : 1,
            Scale = (float)Selu.Scale,
            ScaleAlpha = (float)Selu.ScaleAlpha,
            Accumulates = mode == GradientMode.Accumulate ? 1 : 0,
        };
        if (products is not null)
        {
            products.Launch(kernel);
            return;
        }

        Device.Launch(
            kernel, LaunchShape.Teams(DivideUp(dInput.Rows, SharedTile.Size), DivideUp(weight.Columns, SharedTile.Size)));
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightsCore(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias)
    {
        int rows = dOutput.Rows, inputs = dWeight.Columns, outputs = dWeight.Rows;
        int tiles = DivideUp(outputs, SharedTile.Size) * DivideUp(inputs, SharedTile.Size);
        int parts = Math.Clamp(DivideUp(GroupsToFillADevice, tiles), 1, DivideUp(rows, LeastRowsPerPart));
        var kernel = new WeightGradientKernel
        {
            OutputGradient = Own(dOutput).Operand,
            Input = Own(input).Operand,
            Rows = rows,
            Inputs = inputs,
            Outputs = outputs,
            RowsPerPart = DivideUp(DivideUp(rows, parts), SharedTile.Depth) * SharedTile.Depth,
            HasBias = dBias is null ? 0 : 1,
            Accumulates = mode == GradientMode.Accumulate ? 1 : 0,
        };
        if (parts == 1)
        {
            ArrayView<float> weights = Own(dWeight.Buffer).At(Region(dWeight, 1, inputs));
            kernel.WeightParts = Factor(dWeight, weights);
            kernel.BiasParts = dBias is { } bias ? Part(Own(bias.Buffer).At(Region(bias, 1, outputs)), bias) : weights;
            Launch(kernel, parts);
        }
        else
        {
            LaunchParts(kernel, parts, dWeight, dBias);
        }

        dWeight.Buffer.MarkChanged();
    }

    /// <inheritdoc/>
    protected override void ActivationBackwardCore(Matrix output, Activation activation, in StackLayout stack, Matrix gradient)
    {
        (double scale, double scaleAlpha) = ActivationFunction.Constants(activation);
        var kernel = new ActivationBackwardKernel
        {
            Output = Own(output).View,
            Gradient = Own(gradient).View,
            Rows = output.Rows,
            Columns = output.Columns,
            PrimalSegments = stack.PrimalSegments,
            TangentConditions = stack.TangentConditions,
            Probes = stack.Probes,
            Scale = (float)scale,
            ScaleAlpha = (float)scaleAlpha,
        };
        Device.Launch(kernel, Elements(output.Rows, output.Columns) with { Y = stack.PrimalSegments });
    }

    /// <inheritdoc/>
    protected override void ExpandConditionsCore(
        Matrix shared, Matrix conditionRows, Matrix timeRows, in StackLayout stack, Matrix output)
    {
        var kernel = new ExpandConditionsKernel
        {
            Shared = Own(shared).View,
            ConditionRows = Own(conditionRows).View,
            TimeRows = Own(timeRows).View,
            Output = Own(output).View,
            Rows = output.Rows,
            Columns = output.Columns,
            PrimalSegments = stack.PrimalSegments,
            TangentConditions = stack.TangentConditions,
            Probes = stack.Probes,
            Scale = (float)Selu.Scale,
            ScaleAlpha = (float)Selu.ScaleAlpha,
            TimePerRow = timeRows.Rows > 1 ? 1 : 0,
        };
        Device.Launch(kernel, Elements(output.Rows, output.Columns) with { Y = stack.PrimalSegments });
    }

    /// <inheritdoc/>
    protected override void TimeFeaturesCore(Matrix times, Matrix features, double scale)
    {
        int half = features.Columns / 2;
        var kernel = new TimeFeaturesKernel
        {
            Times = Own(times).View,
            Features = Own(features).View,
            Rows = features.Rows,
            Half = half,
            Frequencies = Frequencies(half),
            Scale = scale,
        };
        Device.Launch(kernel, Elements(features.Rows, Math.Max(1, half)));
    }

    /// <inheritdoc/>
    protected override void GatherRowsCore(Matrix table, IndexBuffer indices, Matrix output)
    {
        var kernel = new GatherRowsKernel
        {
            Table = Own(table).View,
            Indices = Own(indices).View,
            Output = Own(output).View,
            Rows = output.Rows,
            Columns = output.Columns,
        };
        Device.Launch(kernel, Elements(output.Rows, output.Columns));
    }

    /// <inheritdoc/>
    protected override void ScatterRowsCore(Matrix dOutput, IndexBuffer indices, Matrix dTable)
    {
        var kernel = new ScatterRowsKernel
        {
            OutputGradient = Own(dOutput).View,
            Indices = Own(indices).View,
            TableGradient = Own(dTable).View,
            Rows = dOutput.Rows,
            TableRows = dTable.Rows,
            Columns = dTable.Columns,
        };
        Device.Launch(kernel, Elements(dTable.Rows, dTable.Columns));
    }

    private void Launch(LinearKernel kernel, int firstSegment, int segments)
    {
        kernel.FirstSegment = firstSegment;
        if (products is not null)
        {
            products.Launch(kernel, segments);
            return;
        }

        Device.Launch(
            kernel,
            LaunchShape.Teams(DivideUp(kernel.Rows, SharedTile.Size), DivideUp(kernel.Outputs, SharedTile.Size), segments));
    }

    private void Launch(in WeightGradientKernel kernel, int parts)
    {
        if (products is not null)
        {
            products.Launch(kernel, parts);
            return;
        }

        Device.Launch(
            kernel,
            LaunchShape.Teams(DivideUp(kernel.Outputs, SharedTile.Size), DivideUp(kernel.Inputs, SharedTile.Size), parts));
    }

    /// <summary>
    /// The gradients of several parts of the batch to where they wait for their sum, together with those of other layers; added to what is
    /// there, they are summed now.
    /// </summary>
    private void LaunchParts(WeightGradientKernel kernel, int parts, ParameterView dWeight, ParameterView? dBias)
    {
        bool accumulates = kernel.Accumulates != 0;
        DeviceParameterBuffer weightBuffer = Own(dWeight.Buffer), biasBuffer = Own((dBias ?? dWeight).Buffer);
        if (accumulates)
        {
            weightBuffer.Parts.Sum();
            biasBuffer.Parts.Sum();
        }

        // Both places first: finding one may move the other.
        int stride = DivideUp(kernel.Inputs, Float4.Count) * Float4.Count;
        WaitingGradient weight = weightBuffer.Parts.Reserve(Region(dWeight, parts, stride));
        WaitingGradient? bias = dBias is { } view ? biasBuffer.Parts.Reserve(Region(view, parts, kernel.Outputs)) : null;
        ArrayView<float> values = weightBuffer.Parts.Parts(weight);
        kernel.WeightParts = new Operand
        {
            Values = values,
            Quads = values.Cast<Float4>(),
            Stride = stride,
            SegmentStride = kernel.Outputs * stride,
            IsAligned = 1,
        };
        kernel.BiasParts = bias is null ? values : biasBuffer.Parts.Parts(bias);
        kernel.Accumulates = 0;
        Launch(kernel, parts);
        Finish(weightBuffer.Parts, weight);
        if (bias is not null)
        {
            Finish(biasBuffer.Parts, bias);
        }

        void Finish(GradientParts all, WaitingGradient gradient)
        {
            if (accumulates)
            {
                all.Accumulate(gradient);
            }
            else
            {
                gradient.Waits = true;
            }
        }
    }

    private static GradientRegion Region(ParameterView view, int parts, int stride) => new()
    {
        PartCount = parts,
        PartStride = stride,
        Sum = view.Offset,
        Stride = Math.Max(view.Stride, view.Columns),
        Rows = view.Rows,
        Columns = view.Columns,
    };

    /// <summary>The table of w_k = 10000^(-k / half), made once per number of features.</summary>
    private ArrayView<double> Frequencies(int half)
    {
        if (!frequencies.TryGetValue(half, out DeviceMemory<double>? table))
        {
            double[] values = [.. Enumerable.Range(0, Math.Max(1, half)).Select(k => Math.Pow(10000, -(double)k / Math.Max(1, half)))];
            table = Device.Allocate<double>(values.Length, isScratch: true);
            table.Write(values);
            frequencies.Add(half, table);
        }

        return table.View;
    }
}
