namespace FlowRatio.Engine.Compute.Cpu;

/// <content>First head layer for all conditions, time features, rows by index.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    protected override void ExpandConditionsCore(
        Matrix shared, Matrix conditionRows, Matrix timeRows, in StackLayout stack, Matrix output)
    {
        var work = new ExpandWork
        {
            Kernels = kernels,
            Shared = Own(shared),
            ConditionRows = Own(conditionRows),
            TimeRows = Own(timeRows),
            Stack = stack,
            Output = Own(output),
        };
        pool.Run(work, Own(output).Panels);
    }

    /// <inheritdoc/>
    protected override void TimeFeaturesCore(Matrix times, Matrix features) =>
        pool.Run(new TimeFeaturesWork { Times = Own(times), Features = Own(features) }, Own(features).Panels);

    /// <inheritdoc/>
    protected override void GatherRowsCore(Matrix table, IndexBuffer indices, Matrix output)
    {
        CpuMatrix source = Own(table), destination = Own(output);
        Span<int> rows = Own(indices).Values;
        for (int r = 0; r < rows.Length; r++)
        {
            float* to = destination.Row(0, r);
            float* from = rows[r] < 0 ? null : source.Row(0, rows[r]);
            for (int j = 0; j < destination.Columns; j++)
            {
                to[j * CpuMatrix.PanelRows] = from is null ? 0 : from[j * CpuMatrix.PanelRows];
            }
        }
    }

    /// <inheritdoc/>
    protected override void ScatterRowsCore(Matrix dOutput, IndexBuffer indices, Matrix dTable)
    {
        CpuMatrix source = Own(dOutput), table = Own(dTable);
        for (int m = 0; m < table.Rows; m++)
        {
            for (int j = 0; j < table.Columns; j++)
            {
                table.Row(0, m)[j * CpuMatrix.PanelRows] = 0;
            }
        }

        Span<int> rows = Own(indices).Values;
        for (int r = 0; r < rows.Length; r++)
        {
            if (rows[r] >= 0)
            {
                float* from = source.Row(0, r);
                float* to = table.Row(0, rows[r]);
                for (int j = 0; j < table.Columns; j++)
                {
                    to[j * CpuMatrix.PanelRows] += from[j * CpuMatrix.PanelRows];
                }
            }
        }
    }

    private struct ExpandWork : IBlockWork
    {
        public CpuKernels Kernels;
        public CpuMatrix Shared;
        public CpuMatrix ConditionRows;
        public CpuMatrix TimeRows;
        public StackLayout Stack;
        public CpuMatrix Output;

        public readonly void Run(int block)
        {
            bool timePerRow = TimeRows.Rows > 1;
            float* time = TimeRows.Panel(0, timePerRow ? block : 0);
            for (int segment = 0; segment < Stack.Segments; segment++)
            {
                int condition = Stack.PrimalOf(segment);
                float* output = Output.Panel(segment, block);
                if (segment < Stack.PrimalSegments)
                {
                    Kernels.ExpandPrimal(
                        Shared.Panel(0, block), ConditionRows.Row(0, condition), time, timePerRow, Output.Columns, output);
                }
                else
                {
                    int probe = (segment - Stack.PrimalSegments) / Stack.TangentConditions;
                    Kernels.ExpandTangent(
                        Shared.Panel(1 + probe, block), Output.Panel(condition, block), Output.Columns, output);
                }
            }
        }
    }

    private struct TimeFeaturesWork : IBlockWork
    {
        public CpuMatrix Times;
        public CpuMatrix Features;

        public readonly void Run(int block)
        {
            float* times = Times.Panel(0, block);
            float* features = Features.Panel(0, block);
            int rows = Features.RowsIn(block);
            int half = Features.Columns / 2;
            if (Features.Columns == 1)
            {
                new Span<float>(times, rows).CopyTo(new Span<float>(features, rows));
                return;
            }

            for (int k = 0; k < half; k++)
            {
                double frequency = Math.Pow(10000, -(double)k / half);
                for (int r = 0; r < rows; r++)
                {
                    // The angle is at most 1 radian for t in [0, 1]; rounding it to float first costs half an ulp of it.
                    (float sine, float cosine) = MathF.SinCos((float)(times[r] * frequency));
                    features[(k * CpuMatrix.PanelRows) + r] = cosine;
                    features[((half + k) * CpuMatrix.PanelRows) + r] = sine;
                }
            }
        }
    }
}
