using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// A weight in the order in which the micro-kernel reads it: blocks of <see cref="TileColumns"/> outputs,
/// <c>[block][inner index][output in block]</c>, the last block filled up with zeros. It packs W itself for the forward product
/// and W^T for the gradient of the input.
/// </summary>
internal sealed unsafe class PackedWeights
{
    private const int BlocksPerTask = 4;
    private const int RowsPerTask = 32;

    private readonly AlignedArray memory;
    private readonly bool transposed;
    private readonly float* weight;
    private readonly int stride;

    /// <summary>Allocates the packed form; nothing is packed yet.</summary>
    /// <param name="weight">W.</param>
    /// <param name="view">Its shape.</param>
    /// <param name="transposed">Whether W^T is packed.</param>
    /// <param name="kernels">They choose the width of tiles.</param>
    public PackedWeights(float* weight, ParameterView view, bool transposed, CpuKernels kernels)
    {
        this.weight = weight;
        this.transposed = transposed;
        stride = view.Stride;
        (Outputs, Inner) = transposed ? (view.Columns, view.Rows) : (view.Rows, view.Columns);
        TileColumns = kernels.TileWidthFor(Outputs);
        Blocks = Division.Up(Outputs, TileColumns);
        memory = new AlignedArray((long)Blocks * Inner * TileColumns);
    }

    public int Outputs { get; }

    public int Inner { get; }

    public int TileColumns { get; }

    public int Blocks { get; }

    /// <summary>The parameter buffer's version that is packed here.</summary>
    public long Version { get; set; }

    /// <summary>Tasks into which packing is cut.</summary>
    public int Tasks => transposed ? Division.Up(Inner, RowsPerTask) : Division.Up(Blocks, BlocksPerTask);

    public float* Block(int block) => memory.Pointer + ((long)block * Inner * TileColumns);

    /// <summary>Packs one task's part. Both forms read whole rows of W, so a task touches few pages.</summary>
    public void Pack(int task)
    {
        if (transposed)
        {
            PackRows(task * RowsPerTask, Math.Min((task + 1) * RowsPerTask, Inner));
        }
        else
        {
            PackBlocks(task * BlocksPerTask, Math.Min((task + 1) * BlocksPerTask, Blocks));
        }
    }

    private static void CopyTile(float* source, float* destination, int width)
    {
        // Two overlapping vectors cover every width from 4 to 16.
        if (width >= Vector256<float>.Count)
        {
            Vector256.Load(source).Store(destination);
            Vector256.Load(source + width - Vector256<float>.Count).Store(destination + width - Vector256<float>.Count);
        }
        else
        {
            Vector128.Load(source).Store(destination);
            Vector128.Load(source + width - Vector128<float>.Count).Store(destination + width - Vector128<float>.Count);
        }
    }

    private void PackBlocks(int start, int end)
    {
        for (int block = start; block < end; block++)
        {
            int first = block * TileColumns;
            int count = Math.Min(TileColumns, Outputs - first);
            Transpose.Columns(weight + ((long)first * stride), stride, count, Inner, Block(block), TileColumns);
        }
    }

    private void PackRows(int start, int end)
    {
        int whole = Outputs / TileColumns;
        for (int block = 0; block < Blocks; block++)
        {
            float* destination = Block(block) + ((long)start * TileColumns);
            float* source = weight + ((long)start * stride) + (block * TileColumns);
            for (int k = start; k < end; k++, source += stride, destination += TileColumns)
            {
                if (block < whole)
                {
                    CopyTile(source, destination, TileColumns);
                    continue;
                }

                for (int j = 0; j < Outputs - (whole * TileColumns); j++)
                {
                    destination[j] = source[j];
                }
            }
        }
    }
}
