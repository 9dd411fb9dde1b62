using System.Globalization;
using System.Text;

namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>
/// A PTX kernel being written: numbered registers, one instruction per line. Methods that return a register write the instruction that
/// sets it; operands are registers or numbers. PTX is single-assignment by habit here, the driver's assembler finds real registers.
/// </summary>
internal sealed class PtxText
{
    private readonly StringBuilder body = new();
    private int integers;
    private int addresses;
    private int floats;
    private int predicates;
    private int labels;

    /// <summary>A new 32-bit integer register.</summary>
    public string NewInteger() => $"%r{++integers}";

    /// <summary>A new address register.</summary>
    public string NewAddress() => $"%rd{++addresses}";

    /// <summary>A new float register.</summary>
    public string NewFloat() => $"%f{++floats}";

    /// <summary>A new predicate.</summary>
    public string NewPredicate() => $"%p{++predicates}";

    /// <summary>A new label.</summary>
    public string NewLabel(string name) => $"{name}{++labels}";

    /// <summary>A float as PTX writes it.</summary>
    public static string Number(float value) => $"0f{BitConverter.SingleToInt32Bits(value):X8}";

    /// <summary>Writes an instruction.</summary>
    public void Do(string operation, params object[] operands)
    {
        body.Append("    ").Append(operation);
        for (int i = 0; i < operands.Length; i++)
        {
            body.Append(i == 0 ? " " : ", ").Append(Convert.ToString(operands[i], CultureInfo.InvariantCulture));
        }

        body.Append(";\n");
    }

    /// <summary>Writes an instruction that only threads with a predicate execute.</summary>
    public void If(string predicate, string operation, params object[] operands) => Do($"@{predicate} {operation}", operands);

    /// <summary>Writes an instruction that sets a new integer.</summary>
    public string Integer(string operation, params object[] operands) => Set(NewInteger(), operation, operands);

    /// <summary>Writes an instruction that sets a new address.</summary>
    public string Address(string operation, params object[] operands) => Set(NewAddress(), operation, operands);

    /// <summary>Writes an instruction that sets a new float.</summary>
    public string Float(string operation, params object[] operands) => Set(NewFloat(), operation, operands);

    /// <summary>Writes an instruction that sets a new predicate.</summary>
    public string Predicate(string operation, params object[] operands) => Set(NewPredicate(), operation, operands);

    /// <summary>Writes a label.</summary>
    public void Label(string label) => body.Append(label).Append(":\n");

    /// <summary>Writes a comment.</summary>
    public void Note(string text) => body.Append("    // ").Append(text).Append('\n');

    /// <summary>The kernel as a module of its own.</summary>
    /// <param name="entry">Name of the kernel.</param>
    /// <param name="argumentBytes">Size of its arguments.</param>
    /// <param name="threads">Threads per group.</param>
    public string Module(string entry, int argumentBytes, int threads) => $$"""
        .version 7.0
        .target sm_80
        .address_size 64

        .extern .shared .align 16 .b8 tiles[];

        .visible .entry {{entry}}(.param .align 8 .b8 arguments[{{argumentBytes}}])
        .maxntid {{threads}}, 1, 1
        {
            .reg .pred %p<{{predicates + 1}}>;
            .reg .b32 %r<{{integers + 1}}>;
            .reg .b64 %rd<{{addresses + 1}}>;
            .reg .f32 %f<{{floats + 1}}>;

        {{body}}    ret;
        }

        """;

    private string Set(string register, string operation, object[] operands)
    {
        Do(operation, [register, .. operands]);
        return register;
    }
}
