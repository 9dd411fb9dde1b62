namespace FlowRatio.Engine.Compute.Reference;

/// <content>Layers.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override void LinearCore(
        Matrix input, ParameterView weight, ParameterView? bias, Activation activation, in StackLayout stack, Matrix output)
    {
        for (int segment = 0; segment < stack.Segments; segment++)
        {
            bool primal = segment < stack.PrimalSegments;
            for (int r = 0; r < output.Rows; r++)
            {
                Span<double> x = Own(input).Row(segment, r);
                Span<double> y = Own(output).Row(segment, r);
                Span<double> atPrimal = primal ? y : Own(output).Row(stack.PrimalOf(segment), r);
                for (int o = 0; o < y.Length; o++)
                {
                    double sum = Dot(Row(weight, o), x);
                    if (primal)
                    {
                        sum += bias is { } b ? Row(b, 0)[o] : 0;
                        y[o] = ActivationFunction.Value(activation, sum);
                    }
                    else
                    {
                        y[o] = ActivationFunction.DerivativeFromOutput(activation, atPrimal[o]) * sum;
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInputCore(
        Matrix dOutput, ParameterView weight, Matrix? inputActivation, GradientMode mode, Matrix dInput)
    {
        for (int r = 0; r < dInput.Rows; r++)
        {
            Span<double> dy = Own(dOutput).Row(0, r);
            Span<double> dx = Own(dInput).Row(0, r);
            for (int i = 0; i < dx.Length; i++)
            {
                double sum = 0;
                for (int o = 0; o < dy.Length; o++)
                {
                    sum += dy[o] * Row(weight, o)[i];
                }

                if (inputActivation is not null)
                {
                    sum *= Selu.DerivativeFromOutput(Own(inputActivation).Row(0, r)[i]);
                }

                dx[i] = mode == GradientMode.Accumulate ? dx[i] + sum : sum;
            }
        }
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightsCore(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias)
    {
        for (int o = 0; o < dWeight.Rows; o++)
        {
            Span<double> dw = Row(dWeight, o);
            if (mode == GradientMode.Overwrite)
            {
                dw.Clear();
            }

            double sum = 0;
            for (int r = 0; r < dOutput.Rows; r++)
            {
                double dy = Own(dOutput).Row(0, r)[o];
                Span<double> x = Own(input).Row(0, r);
                sum += dy;
                for (int i = 0; i < dw.Length; i++)
                {
                    dw[i] += dy * x[i];
                }
            }

            if (dBias is { } view)
            {
                ref double db = ref Row(view, 0)[o];
                db = mode == GradientMode.Accumulate ? db + sum : sum;
            }
        }

        dWeight.Buffer.MarkChanged();
    }

    /// <inheritdoc/>
    protected override void ActivationBackwardCore(
        Matrix output, Activation activation, in StackLayout stack, Matrix gradient)
    {
        for (int r = 0; r < output.Rows; r++)
        {
            for (int primal = 0; primal < stack.PrimalSegments; primal++)
            {
                Span<double> value = Own(output).Row(primal, r);
                Span<double> dValue = Own(gradient).Row(primal, r);
                for (int j = 0; j < value.Length; j++)
                {
                    double slope = ActivationFunction.DerivativeFromOutput(activation, value[j]);
                    dValue[j] *= slope;
                    for (int probe = 0; primal < stack.TangentConditions && probe < stack.Probes; probe++)
                    {
                        int segment = stack.TangentOf(primal, probe);
                        ref double dTangent = ref Own(gradient).Row(segment, r)[j];
                        double tangent = Own(output).Row(segment, r)[j];
                        dValue[j] += ActivationFunction.SecondDerivativeTimesTangent(activation, value[j], tangent) * dTangent;
                        dTangent *= slope;
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void ExpandConditionsCore(
        Matrix shared, Matrix conditionRows, Matrix timeRows, in StackLayout stack, Matrix output)
    {
        for (int segment = 0; segment < stack.Segments; segment++)
        {
            int condition = stack.PrimalOf(segment);
            int probe = segment < stack.PrimalSegments ? 0 : 1 + ((segment - stack.PrimalSegments) / stack.TangentConditions);
            for (int r = 0; r < output.Rows; r++)
            {
                Span<double> z = Own(shared).Row(probe, r);
                Span<double> c = Own(conditionRows).Row(0, condition);
                Span<double> tau = Own(timeRows).Row(0, timeRows.Rows == 1 ? 0 : r);
                Span<double> atPrimal = Own(output).Row(condition, r);
                Span<double> y = Own(output).Row(segment, r);
                for (int j = 0; j < y.Length; j++)
                {
                    y[j] = probe == 0
                        ? Selu.Value(z[j] + c[j] + tau[j])
                        : Selu.DerivativeFromOutput(atPrimal[j]) * z[j];
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void TimeFeaturesCore(Matrix times, Matrix features, double scale)
    {
        int half = features.Columns / 2;
        for (int r = 0; r < features.Rows; r++)
        {
            double t = Own(times).Row(0, r)[0];
            Span<double> row = Own(features).Row(0, r);
            if (features.Columns == 1)
            {
                row[0] = t;
                continue;
            }

            for (int k = 0; k < half; k++)
            {
                double angle = t * scale * Math.Pow(10000, -(double)k / half);
                row[k] = Math.Cos(angle);
                row[half + k] = Math.Sin(angle);
            }
        }
    }

    /// <inheritdoc/>
    protected override void GatherRowsCore(Matrix table, IndexBuffer indices, Matrix output)
    {
        for (int r = 0; r < output.Rows; r++)
        {
            int index = Own(indices)[r];
            Span<double> row = Own(output).Row(0, r);
            if (index < 0)
            {
                row.Clear();
            }
            else
            {
                Own(table).Row(0, index).CopyTo(row);
            }
        }
    }

    /// <inheritdoc/>
    protected override void ScatterRowsCore(Matrix dOutput, IndexBuffer indices, Matrix dTable)
    {
        for (int m = 0; m < dTable.Rows; m++)
        {
            Own(dTable).Row(0, m).Clear();
        }

        for (int r = 0; r < dOutput.Rows; r++)
        {
            int index = Own(indices)[r];
            if (index >= 0)
            {
                Span<double> source = Own(dOutput).Row(0, r);
                Span<double> sum = Own(dTable).Row(0, index);
                for (int j = 0; j < sum.Length; j++)
                {
                    sum[j] += source[j];
                }
            }
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
