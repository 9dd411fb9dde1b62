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
    protected override void TimeFeaturesCore(Matrix times, Matrix features, double scale) =>
        pool.Run(new TimeFeaturesWork { Kernels = kernels, Times = Own(times), Features = Own(features), Scale = scale }, Own(features).Panels);

    /// <inheritdoc/>
    protected override void GatherRowsCore(Matrix table, IndexBuffer indices, Matrix output) =>
        pool.Run(new GatherWork { Table = Own(table), Rows = Own(indices), Output = Own(output) }, Own(output).Panels);

    /// <inheritdoc/>
    protected override void ScatterRowsCore(Matrix dOutput, IndexBuffer indices, Matrix dTable) =>
        pool.Run(
            new ScatterWork { Gradient = Own(dOutput), Rows = Own(indices), Table = Own(dTable) },
            Division.Up(dTable.Columns, ScatterWork.ColumnsPerBlock));

    private struct GatherWork : IBlockWork
    {
        public CpuMatrix Table;
        public HostIndexBuffer Rows;
        public CpuMatrix Output;

        public readonly void Run(int block)
        {
            float* destination = Output.Panel(0, block);
            ReadOnlySpan<int> rows = Rows.Values.Slice(block * CpuMatrix.PanelRows, Output.RowsIn(block));
            for (int r = 0; r < rows.Length; r++)
            {
                float* source = rows[r] < 0 ? null : Table.Row(0, rows[r]);
                for (int j = 0; j < Output.Columns * CpuMatrix.PanelRows; j += CpuMatrix.PanelRows)
                {
                    destination[j + r] = source is null ? 0 : source[j];
                }
            }
        }
    }

    /// <summary>Some columns of the table's gradient; each sum runs over the rows in order, whoever computes it.</summary>
    private struct ScatterWork : IBlockWork
    {
        public const int ColumnsPerBlock = 8;

        public CpuMatrix Gradient;
        public HostIndexBuffer Rows;
        public CpuMatrix Table;

        public readonly void Run(int block)
        {
            int first = block * ColumnsPerBlock * CpuMatrix.PanelRows;
            int last = Math.Min((block + 1) * ColumnsPerBlock, Table.Columns) * CpuMatrix.PanelRows;
            for (int m = 0; m < Table.Rows; m++)
            {
                float* sum = Table.Row(0, m);
                for (int j = first; j < last; j += CpuMatrix.PanelRows)
                {
                    sum[j] = 0;
                }
            }

            ReadOnlySpan<int> rows = Rows.Values;
            for (int r = 0; r < rows.Length; r++)
            {
                if (rows[r] < 0)
                {
                    continue;
                }

                float* from = Gradient.Row(0, r);
                float* sum = Table.Row(0, rows[r]);
                for (int j = first; j < last; j += CpuMatrix.PanelRows)
                {
                    sum[j] += from[j];
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
        public CpuKernels Kernels;
        public CpuMatrix Times;
        public CpuMatrix Features;
        public double Scale;

        public readonly void Run(int block)
        {
            const int lanes = CpuMatrix.PanelRows;
            float* times = Times.Panel(0, block);
            float* features = Features.Panel(0, block);
            if (Features.Columns == 1)
            {
                new Span<float>(times, lanes).CopyTo(new Span<float>(features, lanes));
                return;
            }

            int half = Features.Columns / 2;
            for (int k = 0; k < half; k++)
            {
                float frequency = (float)(Scale * Math.Pow(10000, -(double)k / half));
                Kernels.TimeFeature(times, frequency, features + (k * lanes), features + ((half + k) * lanes));
            }
        }
    }
}
