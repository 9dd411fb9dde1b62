namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>What becomes of the sums while they are in registers, as in the kernels in C#; one method per way, the group takes one of them.</summary>
/// <param name="text">Receives the instructions.</param>
/// <param name="product">The sums.</param>
/// <param name="arguments">The kernel's arguments.</param>
/// <param name="firstRow">Register: the group's first row of the product.</param>
/// <param name="firstColumn">Register: its first column.</param>
internal sealed class ProductEpilogue(
    PtxText text, TileProduct product, ProductRegisters arguments, string firstRow, string firstColumn)
{
    private readonly List<string> columns = [];
    private readonly List<string> bias = [];
    private string row = string.Empty;
    private string column = string.Empty;

    /// <summary>Y = f(X W^T + b), or for a tangent f'(at the primal output) (X W^T).</summary>
    /// <param name="segment">Register: this group's segment.</param>
    public void Layer(string segment)
    {
        Prepare();
        string primalSegments = arguments.Integer(nameof(ProductArguments.PrimalSegments));
        string result = arguments.Pointer(nameof(ProductArguments.Result), segment, nameof(ProductArguments.ResultSegment));
        string tangent = text.NewLabel("TANGENT"), plain = text.NewLabel("PLAIN"), done = text.NewLabel("DONE");
        string isTangent = text.Predicate("setp.ge.s32", segment, primalSegments);
        string isPlain = text.Predicate("setp.eq.s32", arguments.Integer(nameof(ProductArguments.IsActivated)), 0);
        LoadBias(isTangent);
        (string scale, string scaleAlpha) = Activation();
        text.If(isPlain, "bra.uni", plain);
        text.If(isTangent, "bra.uni", tangent);
        StoreAll(result, null, null, (sum, j, _) => PtxActivation.Value(text, text.Float("add.rn.f32", sum, bias[j]), scale, scaleAlpha));
        text.Do("bra.uni", done);

        text.Label(tangent);
        string ofTangents = text.Integer("sub.s32", segment, primalSegments);
        string primal = text.Integer("rem.u32", ofTangents, arguments.Integer(nameof(ProductArguments.TangentConditions)));
        string output = arguments.Pointer(nameof(ProductArguments.Result), primal, nameof(ProductArguments.ResultSegment));
        string stride = arguments.Integer(nameof(ProductArguments.ResultStride));
        StoreAll(
            result, output, stride, (sum, _, old) => text.Float("mul.rn.f32", sum, PtxActivation.Slope(text, old, scale, scaleAlpha)));
        text.Do("bra.uni", done);

        text.Label(plain);
        StoreAll(result, null, null, (sum, j, _) => text.Float("add.rn.f32", sum, bias[j]));
        text.Label(done);
    }

    /// <summary>dX = dY W, times the slope at the input where that is an activation, or added.</summary>
    public void InputGradient()
    {
        Prepare();
        string result = arguments.Address(nameof(ProductArguments.Result));
        string stride = arguments.Integer(nameof(ProductArguments.ResultStride));
        string activation = arguments.Address(nameof(ProductArguments.Activation));
        string linear = text.NewLabel("LINEAR"), plain = text.NewLabel("PLAIN"), done = text.NewLabel("DONE");
        string isLinear = text.Predicate("setp.eq.s64", activation, 0);
        string isPlain = text.Predicate("setp.eq.s32", arguments.Integer(nameof(ProductArguments.Accumulates)), 0);
        (string scale, string scaleAlpha) = Activation();
        text.If(isLinear, "bra.uni", linear);
        string activationStride = arguments.Integer(nameof(ProductArguments.ActivationStride));
        StoreAll(
            result,
            activation,
            activationStride,
            (sum, _, old) => text.Float("mul.rn.f32", sum, PtxActivation.Slope(text, old, scale, scaleAlpha)));
        text.Do("bra.uni", done);

        text.Label(linear);
        text.If(isPlain, "bra.uni", plain);
        StoreAll(result, result, stride, (sum, _, old) => text.Float("add.rn.f32", old, sum));
        text.Do("bra.uni", done);

        text.Label(plain);
        StoreAll(result, null, null, (sum, _, _) => sum);
        text.Label(done);
    }

    /// <summary>dW of one part of the batch, or all of it, where it may be added to what is there.</summary>
    /// <param name="part">Register: this group's part.</param>
    public void WeightGradient(string part)
    {
        Prepare();
        string result = arguments.Pointer(nameof(ProductArguments.Result), part, nameof(ProductArguments.ResultSegment));
        string stride = arguments.Integer(nameof(ProductArguments.ResultStride));
        string plain = text.NewLabel("PLAIN"), done = text.NewLabel("DONE");
        string isPlain = text.Predicate("setp.eq.s32", arguments.Integer(nameof(ProductArguments.Accumulates)), 0);
        text.If(isPlain, "bra.uni", plain);
        StoreAll(result, result, stride, (sum, _, old) => text.Float("add.rn.f32", old, sum));
        text.Do("bra.uni", done);

        text.Label(plain);
        StoreAll(result, null, null, (sum, _, _) => sum);
        text.Label(done);
    }

    private void Prepare()
    {
        row = text.Integer("add.s32", firstRow, product.FirstRow);
        column = text.Integer("add.s32", firstColumn, product.FirstColumn);
        for (int j = 0; j < product.Columns; j++)
        {
            columns.Add(product.ColumnOffset(j) == 0 ? column : text.Integer("add.s32", column, product.ColumnOffset(j)));
        }
    }

    private (string Scale, string ScaleAlpha) Activation() =>
        (arguments.Float(nameof(ProductArguments.Scale)), arguments.Float(nameof(ProductArguments.ScaleAlpha)));

    /// <summary>The bias of each of this thread's columns; 0 for tangents and without a bias.</summary>
    private void LoadBias(string isTangent)
    {
        string address = arguments.Address(nameof(ProductArguments.Bias));
        string first = text.Address("mad.wide.s32", column, sizeof(float), address);
        string has = text.Predicate("setp.ne.and.s64", address, 0, $"!{isTangent}");
        string end = arguments.Integer(nameof(ProductArguments.Columns));
        for (int j = 0; j < product.Columns; j++)
        {
            string value = text.Float("mov.f32", PtxText.Number(0));
            string inside = text.Predicate("setp.lt.and.s32", columns[j], end, has);
            text.If(inside, "ld.global.f32", value, $"[{first}+{product.ColumnOffset(j) * sizeof(float)}]");
            bias.Add(value);
        }
    }

    /// <summary>Stores a function of each sum, its column and an element of another matrix in the same place.</summary>
    private void StoreAll(string result, string? other, string? otherStride, Func<string, int, string, string> function)
    {
        string stride = arguments.Integer(nameof(ProductArguments.ResultStride));
        string rows = arguments.Integer(nameof(ProductArguments.Rows));
        string end = arguments.Integer(nameof(ProductArguments.Columns));
        string target = text.Address("mad.wide.s32", column, sizeof(float), result);
        string source = other is null ? string.Empty : text.Address("mad.wide.s32", column, sizeof(float), other);
        for (int i = 0; i < product.Rows; i++)
        {
            string at = text.Integer("add.s32", row, product.RowOffset(i));
            string isRow = text.Predicate("setp.lt.s32", at, rows);
            string to = InRow(target, at, stride), from = other is null ? string.Empty : InRow(source, at, otherStride!);
            for (int j = 0; j < product.Columns; j++)
            {
                int offset = product.ColumnOffset(j) * sizeof(float);
                string inside = text.Predicate("setp.lt.and.s32", columns[j], end, isRow);
                string old = string.Empty;
                if (other is not null)
                {
                    old = text.Float("mov.f32", PtxText.Number(0));
                    text.If(inside, "ld.global.f32", old, $"[{from}+{offset}]");
                }

                text.If(inside, "st.global.f32", $"[{to}+{offset}]", function(product.Sum(i, j), j, old));
            }
        }
    }

    private string InRow(string address, string at, string stride) =>
        text.Address("mad.wide.s32", at, text.Integer("shl.b32", stride, 2), address);
}
