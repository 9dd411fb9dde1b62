namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// Tensor cores: <c>mma.m16n8k8</c> on TF32 fragments. With g = lane / 4 and t = lane mod 4 a thread holds of the left fragment rows g and
/// g + 8 at steps t and t + 4, of the right one column g at steps t and t + 4, and of the sums rows g and g + 8 at columns 2t and 2t + 1
/// (PTX ISA, "Matrix Fragments for mma.m16n8k8").
/// </summary>
internal sealed class TensorProduct : TileProduct
{
    private const int FragmentRows = 16;
    private const int FragmentColumns = 8;
    private const int FragmentDepth = 8;

    // 2^13 + 1: x - ((2^13 + 1) x - 2^13 x) leaves 24 - 13 bits (Veltkamp). It costs three operations where cvt.rna.tf32 costs four, keeps NaN,
    // and makes numbers beyond 2^114 NaN.
    private const float Splitter = 8193;

    // What a TF32 register holds of a float's bits, as ptxas itself rounds to it.
    private const string KeptBits = "0xffffe000";
    private readonly bool inThree;
    private readonly string leftPlace;
    private readonly string rightPlace;

    public TensorProduct(PtxText text, ProductTile tile, SharedFactor left, SharedFactor right, string thread, bool inThree)
        : base(text, tile, left, right, thread, 2 * tile.WarpRows / FragmentRows, 2 * tile.WarpColumns / FragmentColumns)
    {
        this.inThree = inThree;
        string group = text.Integer("shr.u32", Lane, 2), inGroup = text.Integer("and.b32", Lane, 3);
        FirstRow = text.Integer("add.s32", WarpRow, group);
        FirstColumn = text.Integer("mad.lo.s32", inGroup, 2, WarpColumn);
        leftPlace = Place(left, FirstRow, inGroup);
        rightPlace = Place(right, text.Integer("add.s32", WarpColumn, group), inGroup);
    }

    public override string FirstRow { get; }

    public override string FirstColumn { get; }

    public override int RowOffset(int row) => row * FragmentColumns;

    public override int ColumnOffset(int column) => (column / 2 * FragmentColumns) + (column % 2);

    public override void Add(string left, string right)
    {
        string leftAt = Text.Integer("add.s32", left, leftPlace), rightAt = Text.Integer("add.s32", right, rightPlace);
        for (int depth = 0; depth < ProductTile.Depth; depth += FragmentDepth)
        {
            Fragment[] lefts = [.. Enumerable.Range(0, Rows / 2).Select(i => Load(Left, leftAt, i * FragmentRows, 2, depth))];
            Fragment[] rights = [.. Enumerable.Range(0, Columns / 2).Select(j => Load(Right, rightAt, j * FragmentColumns, 1, depth))];
            for (int i = 0; i < lefts.Length; i++)
            {
                if (inThree)
                {
                    AddRow(i, lefts[i].Low, rights, high: true);
                    AddRow(i, lefts[i].High, rights, high: false);
                }

                AddRow(i, lefts[i].High, rights, high: true);
            }
        }
    }

    private void AddRow(int i, string left, Fragment[] rights, bool high)
    {
        for (int j = 0; j < rights.Length; j++)
        {
            string sums = $"{{{Sum(2 * i, 2 * j)}, {Sum(2 * i, (2 * j) + 1)}, {Sum((2 * i) + 1, 2 * j)}, {Sum((2 * i) + 1, (2 * j) + 1)}}}";
            Text.Do("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", sums, left, high ? rights[j].High : rights[j].Low, sums);
        }
    }

    /// <summary>A fragment in registers: steps t and t + 4 of one or two rows (columns), the steps outermost.</summary>
    private Fragment Load(SharedFactor factor, string at, int across, int count, int depth)
    {
        List<string> high = [], low = [];
        for (int step = 0; step < 2; step++)
        {
            for (int i = 0; i < count; i++)
            {
                int offset = Offset(factor, across + (i * FragmentRows / 2), depth + (step * FragmentDepth / 2));
                string value = Text.Float("ld.shared.f32", $"[{at}+{offset}]");
                string scaled = Text.Float("mul.rn.f32", value, PtxText.Number(Splitter));
                string rounded = Text.Float("sub.rn.f32", scaled, Text.Float("sub.rn.f32", scaled, value));
                high.Add(Text.Integer("mov.b32", rounded));
                if (inThree)
                {
                    string rest = Text.Integer("mov.b32", Text.Float("sub.rn.f32", value, rounded));
                    low.Add(Text.Integer("and.b32", rest, KeptBits));
                }
            }
        }

        return new Fragment($"{{{string.Join(", ", high)}}}", $"{{{string.Join(", ", low)}}}");
    }

    /// <summary>Registers of a fragment: its rounded values, and what rounding left.</summary>
    private readonly record struct Fragment(string High, string Low);
}
