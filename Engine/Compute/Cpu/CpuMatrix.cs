namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// A matrix in panels: 32 rows of a segment lie together, feature by feature, <c>[segment][panel][feature][32 rows]</c>. A GEMM
/// vectorises over rows, so every panel is packed input as it stands, each output tile is the next layer's input, a column view
/// is a contiguous part of each panel, and rows never meet in one sum. Lanes beyond the last row hold unspecified values.
/// </summary>
internal sealed unsafe class CpuMatrix : Matrix
{
    /// <summary>Rows per panel: two AVX-512 vectors.</summary>
    public const int PanelRows = 32;

    // A tile of a weight gradient may read (and drop) features beyond the last one of the last panel.
    private const int ReadAheadFloats = 8 * PanelRows;

    private readonly AlignedArray memory;
    private readonly long panelStride;
    private readonly int firstSegment;
    private readonly int firstColumn;

    public CpuMatrix(int segments, int capacity, int columns)
        : base(segments, capacity, columns)
    {
        panelStride = (long)Padded(columns) * PanelRows;
        memory = new AlignedArray((segments * PanelsFor(capacity) * panelStride) + ReadAheadFloats);
    }

    private CpuMatrix(CpuMatrix owner, int firstSegment, int segments, int firstColumn, int columns)
        : base(owner, segments, columns)
    {
        memory = owner.memory;
        panelStride = owner.panelStride;
        this.firstSegment = owner.firstSegment + firstSegment;
        this.firstColumn = owner.firstColumn + firstColumn;
    }

    /// <summary>Panels per segment.</summary>
    public int Panels => (int)PanelsFor(Rows);

    /// <summary>Floats from a panel to the next one of the same segment.</summary>
    public long PanelStride => panelStride;

    /// <summary>Feature 0 of a panel; feature j is 32 j floats further.</summary>
    public float* Panel(int segment, int panel) =>
        memory.Pointer + ((((long)(firstSegment + segment) * Panels) + panel) * panelStride) + (firstColumn * PanelRows);

    /// <summary>Rows of a panel that are in use: 32, or fewer in the last one.</summary>
    public int RowsIn(int panel) => Math.Min(PanelRows, Rows - (panel * PanelRows));

    /// <summary>Feature 0 of one row; feature j is 32 j floats further.</summary>
    public float* Row(int segment, int row) => Panel(segment, row / PanelRows) + (row % PanelRows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    protected override Matrix CreateView(int firstSegment, int segments, int firstColumn, int columns) =>
        new CpuMatrix(this, firstSegment, segments, firstColumn, columns);

    /// <inheritdoc/>
    protected override void WriteCore<T>(ReadOnlySpan<T> source, int segment)
    {
        for (int panel = 0; panel < Panels; panel++)
        {
            float* values = Panel(segment, panel);
            int rows = RowsIn(panel);
            for (int j = 0; j < Columns; j++)
            {
                for (int r = 0; r < rows; r++)
                {
                    values[(j * PanelRows) + r] = float.CreateTruncating(source[(((panel * PanelRows) + r) * Columns) + j]);
                }

                for (int r = rows; r < PanelRows; r++)
                {
                    values[(j * PanelRows) + r] = 0;
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore<T>(Span<T> destination, int segment)
    {
        for (int r = 0; r < Rows; r++)
        {
            float* row = Row(segment, r);
            for (int j = 0; j < Columns; j++)
            {
                destination[(r * Columns) + j] = T.CreateTruncating(row[j * PanelRows]);
            }
        }
    }

    /// <summary>
    /// Features per panel including padding. Panels a power of two apart would put one feature of all panels into the same few
    /// cache sets; weight gradients read features across panels, so wide panels are set apart by 4 lines modulo the 64 sets of
    /// a first-level cache and by at least 64 lines modulo the 1024 sets of a second-level cache.
    /// </summary>
    private static int Padded(int columns)
    {
        const int wide = 64;
        if (columns < wide)
        {
            return columns % PanelRows == 0 ? columns + 1 : columns;
        }

        int padded = columns + ((34 - (columns % 32)) % 32);
        return padded % 512 is < 32 or > 480 ? padded + 32 : padded;
    }

    private static long PanelsFor(int rows) => (rows + PanelRows - 1L) / PanelRows;
}
