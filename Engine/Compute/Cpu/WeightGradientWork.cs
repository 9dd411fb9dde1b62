using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// One task of dW = dY^T X: a group of outputs, small enough to stay in the second-level cache, by a range of inputs. The task
/// that meets the first inputs of its outputs sums their bias gradients too.
/// </summary>
internal unsafe struct WeightGradientWork : IBlockWork
{
    /// <summary>Inputs per tile.</summary>
    public const int TileInputs = 4;

    private const int LargestTileOutputs = 6;

    // dY of a group of outputs stays in the second-level cache while inputs pass, X of a few tiles in the first-level cache.
    // Longer batches are summed chunk by chunk, so that this holds for them too.
    private const int GroupBytes = 384 * 1024;
    private const int StripBytes = 16 * 1024;
    private const int ChunkPanels = 16;
    private const int TasksPerThread = 4;

    private CpuKernels kernels;
    private CpuMatrix outputGradient;
    private CpuMatrix input;
    private ParameterView weightGradient;
    private float* weight;
    private float* bias;
    private bool accumulate;
    private int outputsPerGroup;
    private int outputGroups;
    private int inputsPerRange;
    private int inputRanges;
    private int inputsPerStrip;

    /// <summary>Tasks of the whole gradient.</summary>
    public readonly int Tasks => outputGroups * inputRanges;

    public static WeightGradientWork Create(
        CpuKernels kernels, CpuMatrix outputGradient, CpuMatrix input, ParameterView weightGradient, float* weight, float* bias,
        bool accumulate, int threads)
    {
        int rows = Math.Min(outputGradient.Panels, ChunkPanels) * CpuMatrix.PanelRows;
        int outputs = weightGradient.Rows;
        int inputs = weightGradient.Columns;
        int perGroup = Division.UpToMultiple(Math.Clamp(GroupBytes / (rows * sizeof(float)), 1, outputs), kernels.GradientOutputs);
        int groups = Division.Up(outputs, perGroup);
        perGroup = Division.UpToMultiple(Division.Up(outputs, groups), kernels.GradientOutputs);
        groups = Division.Up(outputs, perGroup);
        int ranges = Math.Clamp(Division.Up(TasksPerThread * threads, groups), 1, Division.Up(inputs, TileInputs));
        int perRange = Division.UpToMultiple(Division.Up(inputs, ranges), TileInputs);
        return new WeightGradientWork
        {
            kernels = kernels,
            outputGradient = outputGradient,
            input = input,
            weightGradient = weightGradient,
            weight = weight,
            bias = bias,
            accumulate = accumulate,
            outputsPerGroup = perGroup,
            outputGroups = groups,
            inputsPerRange = perRange,
            inputRanges = Division.Up(inputs, perRange),
            inputsPerStrip = Division.UpToMultiple(Math.Max(1, StripBytes / (rows * sizeof(float))), TileInputs),
        };
    }

    public readonly void Run(int block)
    {
        int firstOutput = block / inputRanges * outputsPerGroup;
        int lastOutput = Math.Min(firstOutput + outputsPerGroup, weightGradient.Rows);
        int firstInput = block % inputRanges * inputsPerRange;
        int lastInput = Math.Min(firstInput + inputsPerRange, weightGradient.Columns);
        for (int panel = 0; panel < outputGradient.Panels; panel += ChunkPanels)
        {
            for (int strip = firstInput; strip < lastInput; strip += inputsPerStrip)
            {
                Strip(panel, firstOutput, lastOutput, strip, Math.Min(strip + inputsPerStrip, lastInput));
            }
        }

        if (firstInput == 0 && bias is not null)
        {
            BiasGradient(firstOutput, lastOutput);
        }
    }

    private static float* Feature(CpuMatrix matrix, int panel, int feature) =>
        matrix.Panel(0, panel) + ((long)feature * CpuMatrix.PanelRows);

    /// <summary>All outputs of a group for a few inputs and one chunk of panels.</summary>
    private readonly void Strip(int firstPanel, int firstOutput, int lastOutput, int firstInput, int lastInput)
    {
        const int lanes = CpuMatrix.PanelRows;
        int last = Math.Min(firstPanel + ChunkPanels, outputGradient.Panels) - 1;
        int rows = outputGradient.RowsIn(last);
        int strip = lastInput - firstInput;
        float* outputCopy = stackalloc float[LargestTileOutputs * lanes];
        float* inputCopy = stackalloc float[Division.UpToMultiple(strip, TileInputs) * lanes];
        float* inputTail = UsedRows(Feature(input, last, firstInput), strip, rows, inputCopy);
        for (int o = firstOutput; o < lastOutput; o += kernels.GradientOutputs)
        {
            int outputs = Math.Min(kernels.GradientOutputs, lastOutput - o);
            float* outputTail = UsedRows(Feature(outputGradient, last, o), outputs, rows, outputCopy);
            for (int i = firstInput; i < lastInput; i += TileInputs)
            {
                var operands = new GradientOperands(
                    Feature(outputGradient, firstPanel, o),
                    outputGradient.PanelStride,
                    outputTail,
                    Feature(input, firstPanel, i),
                    input.PanelStride,
                    inputTail + ((i - firstInput) * lanes),
                    last + 1 - firstPanel);
                Tile(operands, accumulate || firstPanel > 0, o, outputs, i, Math.Min(TileInputs, lastInput - i));
            }
        }
    }

    private readonly void Tile(in GradientOperands operands, bool add, int output, int outputs, int firstInput, int inputs)
    {
        float* destination = weight + ((long)output * weightGradient.Stride) + firstInput;
        if (outputs == kernels.GradientOutputs && inputs == TileInputs && !add)
        {
            kernels.GradientTile(operands, destination, weightGradient.Stride);
            return;
        }

        float* tile = stackalloc float[LargestTileOutputs * TileInputs];
        kernels.GradientTile(operands, tile, TileInputs);
        for (int o = 0; o < outputs; o++)
        {
            float* row = destination + ((long)o * weightGradient.Stride);
            float* sums = tile + (o * TileInputs);
            if (inputs == TileInputs)
            {
                Vector128<float> values = Vector128.Load(sums);
                (add ? Vector128.Load(row) + values : values).Store(row);
                continue;
            }

            for (int i = 0; i < inputs; i++)
            {
                row[i] = (add ? row[i] : 0) + sums[i];
            }
        }
    }

    private readonly void BiasGradient(int firstOutput, int lastOutput)
    {
        const int lanes = CpuMatrix.PanelRows;
        int last = outputGradient.Panels - 1;
        float* copy = stackalloc float[CpuKernels.SummedFeatures * lanes];
        float* sums = stackalloc float[CpuKernels.SummedFeatures];
        for (int o = firstOutput; o < lastOutput; o += CpuKernels.SummedFeatures)
        {
            int outputs = Math.Min(CpuKernels.SummedFeatures, lastOutput - o);
            float* tail = UsedRows(Feature(outputGradient, last, o), outputs, outputGradient.RowsIn(last), copy);
            kernels.SumRows(Feature(outputGradient, 0, o), outputGradient.PanelStride, last, tail, sums);
            for (int j = 0; j < outputs; j++)
            {
                bias[o + j] = (accumulate ? bias[o + j] : 0) + sums[j];
            }
        }
    }

    /// <summary>
    /// The features of a last panel: in place where all its rows are in use, else a copy with zeros in the unused lanes (what
    /// lies there may be anything, NaN included). Features of the tile beyond the last one only reach sums that nobody reads.
    /// </summary>
    private static float* UsedRows(float* source, int features, int rows, float* copy)
    {
        const int lanes = CpuMatrix.PanelRows;
        if (rows == lanes)
        {
            return source;
        }

        for (int j = 0; j < features; j++)
        {
            new ReadOnlySpan<float>(source + (j * lanes), rows).CopyTo(new Span<float>(copy + (j * lanes), rows));
            new Span<float>(copy + (j * lanes) + rows, lanes - rows).Clear();
        }

        return copy;
    }
}
