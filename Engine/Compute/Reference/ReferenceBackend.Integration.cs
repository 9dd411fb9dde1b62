using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Compute.Reference;

/// <content>Probes, rates, vector operations of a step.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    protected override void FillProbesCore(
        in ProbeSequence sequence, IndexBuffer samples, IndexBuffer stages, Matrix probes)
    {
        float[] values = new float[probes.Columns];
        for (int k = 0; k < probes.Segments; k++)
        {
            for (int r = 0; r < probes.Rows; r++)
            {
                sequence.Fill(Own(samples)[r], k, Own(stages)[r], values);
                Span<double> row = Own(probes).Row(k, r);
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = values[j];
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void FillUnitTangentsCore(int first, Matrix tangents)
    {
        for (int k = 0; k < tangents.Segments; k++)
        {
            for (int r = 0; r < tangents.Rows; r++)
            {
                Span<double> row = Own(tangents).Row(k, r);
                row.Clear();
                if (first + k < row.Length)
                {
                    row[first + k] = 1;
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void MixVelocitiesCore(Matrix velocity, ReadOnlySpan<double> weights, Matrix field)
    {
        for (int r = 0; r < field.Rows; r++)
        {
            Span<double> b = Own(field).Row(0, r);
            b.Clear();
            for (int c = 0; c < weights.Length; c++)
            {
                if (weights[c] != 0)
                {
                    AddScaled(weights[c], Own(velocity).Row(c, r), b);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void LogDensityRatesCore(
        Matrix velocity,
        in StackLayout stack,
        Matrix? score,
        ReadOnlySpan<int> scoreSegments,
        Matrix field,
        Matrix probes,
        DivergenceReduction reduction,
        GradientMode mode,
        Accumulator rates,
        Accumulator? knownDivergence)
    {
        bool sum = reduction == DivergenceReduction.Sum;
        for (int c = 0; c < stack.TangentConditions; c++)
        {
            for (int r = 0; r < field.Rows; r++)
            {
                double correction = 0;
                if (scoreSegments[c] >= 0)
                {
                    Span<double> b = Own(field).Row(0, r);
                    Span<double> u = Own(velocity).Row(c, r);
                    Span<double> s = Own(score!).Row(scoreSegments[c], r);
                    for (int j = 0; j < b.Length; j++)
                    {
                        correction += (b[j] - u[j]) * s[j];
                    }
                }

                if (knownDivergence is not null)
                {
                    correction -= Own(knownDivergence).Values(c)[r];
                }

                double total = correction;
                for (int k = 0; k < stack.Probes; k++)
                {
                    double divergence = Dot(Own(probes).Row(k, r), Own(velocity).Row(stack.TangentOf(c, k), r));
                    total -= divergence;
                    if (!sum)
                    {
                        ref double rate = ref Own(rates).Values((k * stack.TangentConditions) + c)[r];
                        rate = (mode == GradientMode.Accumulate ? rate : 0) + (correction - divergence);
                    }
                }

                if (sum)
                {
                    ref double rate = ref Own(rates).Values(c)[r];
                    rate = (mode == GradientMode.Accumulate ? rate : 0) + total;
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void CombineCore(
        Matrix x, ReadOnlySpan<Matrix> derivatives, ReadOnlySpan<double> coefficients, Matrix output)
    {
        for (int r = 0; r < output.Rows; r++)
        {
            Span<double> row = Own(output).Row(0, r);
            Own(x).Row(0, r).CopyTo(row);
            for (int i = 0; i < coefficients.Length; i++)
            {
                if (coefficients[i] != 0)
                {
                    AddScaled(coefficients[i], Own(derivatives[i]).Row(0, r), row);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void AddScaledCore(Accumulator rates, double weight, Accumulator total)
    {
        for (int s = 0; s < total.Series; s++)
        {
            AddScaled(weight, Own(rates).Values(s), Own(total).Values(s));
        }
    }

    /// <inheritdoc/>
    protected override void StandardNormalLogDensityCore(Matrix points, Accumulator result)
    {
        for (int r = 0; r < points.Rows; r++)
        {
            Span<double> x = Own(points).Row(0, r);
            Own(result).Values(0)[r] = -0.5 * (Dot(x, x) + (x.Length * Math.Log(2 * Math.PI)));
        }
    }

    /// <inheritdoc/>
    protected override void MarkNonFiniteCore(Matrix points, Accumulator totals, int mark, IndexBuffer status)
    {
        for (int r = 0; r < points.Rows; r++)
        {
            bool finite = true;
            foreach (double value in Own(points).Row(0, r))
            {
                finite &= double.IsFinite(value);
            }

            for (int s = 0; s < totals.Series; s++)
            {
                finite &= double.IsFinite(Own(totals).Values(s)[r]);
            }

            if (!finite && Own(status)[r] == 0)
            {
                Own(status)[r] = mark;
            }
        }
    }

    private static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> sum)
    {
        for (int j = 0; j < sum.Length; j++)
        {
            sum[j] += factor * source[j];
        }
    }
}
