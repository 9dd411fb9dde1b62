namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// A weight in the order in which the micro-kernel reads it: blocks of <c>tileColumns</c> outputs,
/// <c>[block][inner index][output in block]</c>, the last block filled up with zeros.
/// </summary>
internal sealed unsafe class PackedWeights
{
    private readonly AlignedArray memory;

    public PackedWeights(int outputs, int inner, int tileColumns)
    {
        Outputs = outputs;
        Inner = inner;
        TileColumns = tileColumns;
        Blocks = (outputs + tileColumns - 1) / tileColumns;
        memory = new AlignedArray((long)Blocks * inner * tileColumns);
    }

    public int Outputs { get; }

    public int Inner { get; }

    public int TileColumns { get; }

    public int Blocks { get; }

    /// <summary>The parameter buffer's version that is packed here.</summary>
    public long Version { get; set; }

    public float* Block(int block) => memory.Pointer + ((long)block * Inner * TileColumns);

    /// <summary>Packs one block of W <c>[outputs, inner]</c>.</summary>
    public void PackBlock(int block, float* weight, int stride)
    {
        float* destination = Block(block);
        int first = block * TileColumns;
        int count = Math.Min(TileColumns, Outputs - first);
        Transpose.Columns(weight + ((long)first * stride), stride, count, Inner, destination, TileColumns);
    }

    /// <summary>Packs one block of W^T, where W is <c>[inner, outputs]</c>.</summary>
    public void PackTransposedBlock(int block, float* weight, int stride)
    {
        float* destination = Block(block);
        int first = block * TileColumns;
        int count = Math.Min(TileColumns, Outputs - first);
        for (int k = 0; k < Inner; k++)
        {
            float* row = weight + ((long)k * stride) + first;
            new ReadOnlySpan<float>(row, count).CopyTo(new Span<float>(destination + ((long)k * TileColumns), count));
        }
    }
}
