namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>One task of dW = dY^T X: all outputs for one chunk of 32 inputs.</summary>
internal unsafe struct WeightGradientWork : IBlockWork
{
    public CpuKernels Kernels;
    public CpuMatrix OutputGradient;
    public CpuMatrix Input;
    public int Rows;
    public float* TurnedInput;
    public float* TurnedOutput;
    public ParameterView WeightGradient;
    public float* Weight;
    public float* Bias;
    public bool Accumulate;
    public int InputChunks;
    public int OutputBlocks;

    /// <summary>dW for the inputs of one chunk.</summary>
    public readonly void Run(int block)
    {
        const int lanes = CpuMatrix.PanelRows;
        int tileColumns = Kernels.TileColumns;
        float* tile = stackalloc float[tileColumns * lanes];
        float* a = TurnedInput + ((long)block * Rows * lanes);
        int inputs = Math.Min(lanes, WeightGradient.Columns - (block * lanes));
        for (int b = 0; b < OutputBlocks; b++)
        {
            float* w = TurnedOutput + ((long)b * Rows * tileColumns);
            int outputs = Math.Min(tileColumns, WeightGradient.Rows - (b * tileColumns));
            float* destination = Weight + ((long)b * tileColumns * WeightGradient.Stride) + (block * lanes);
            if (inputs == lanes && outputs == tileColumns && !Accumulate)
            {
                Kernels.GemmTile(a, w, Rows, destination, WeightGradient.Stride);
                continue;
            }

            Kernels.GemmTile(a, w, Rows, tile, lanes);
            for (int o = 0; o < outputs; o++)
            {
                float* row = destination + ((long)o * WeightGradient.Stride);
                for (int i = 0; i < inputs; i++)
                {
                    row[i] = (Accumulate ? row[i] : 0) + tile[(o * lanes) + i];
                }
            }
        }
    }

    /// <summary>Turns 32 inputs into <c>[row][32 inputs]</c>, missing inputs as zeros.</summary>
    public readonly void TurnInput(int chunk)
    {
        const int lanes = CpuMatrix.PanelRows;
        float* destination = TurnedInput + ((long)chunk * Rows * lanes);
        int inputs = Math.Min(lanes, Input.Columns - (chunk * lanes));
        for (int panel = 0; panel < Input.Panels; panel++)
        {
            float* source = Input.Panel(0, panel) + ((long)chunk * lanes * lanes);
            Transpose.Panel(source, inputs, Input.RowsIn(panel), destination, lanes);
            destination += lanes * lanes;
        }
    }

    /// <summary>Turns one block of output gradients into <c>[row][outputs of the block]</c> and sums their bias gradients.</summary>
    public readonly void TurnOutput(int block)
    {
        int tileColumns = Kernels.TileColumns;
        float* destination = TurnedOutput + ((long)block * Rows * tileColumns);
        int first = block * tileColumns;
        int outputs = Math.Min(tileColumns, OutputGradient.Columns - first);
        double* sums = stackalloc double[tileColumns];
        new Span<double>(sums, tileColumns).Clear();
        for (int panel = 0; panel < OutputGradient.Panels; panel++)
        {
            float* source = OutputGradient.Panel(0, panel) + ((long)first * CpuMatrix.PanelRows);
            int rows = OutputGradient.RowsIn(panel);
            Transpose.Panel(source, outputs, rows, destination, tileColumns);
            destination += CpuMatrix.PanelRows * tileColumns;
            for (int o = 0; Bias is not null && o < outputs; o++)
            {
                sums[o] += PanelSums.OfRows(source + (o * CpuMatrix.PanelRows), rows);
            }
        }

        for (int o = 0; Bias is not null && o < outputs; o++)
        {
            Bias[first + o] = (float)((Accumulate ? Bias[first + o] : 0) + sums[o]);
        }
    }
}
