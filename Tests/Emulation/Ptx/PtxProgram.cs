using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// A kernel in PTX, parsed: exactly the instructions that the products use, with the meaning that the PTX ISA gives them. Another
/// instruction is an error.
/// </summary>
internal sealed partial class PtxProgram
{
    private readonly Dictionary<string, int> labels = [];
    private readonly List<int> integerConstants = [];
    private readonly List<long> longConstants = [];
    private readonly List<float> floatConstants = [];

    public PtxProgram(string text)
    {
        Integers = Declared(text, "b32");
        Longs = Declared(text, "b64");
        Floats = Declared(text, "f32");
        Predicates = Declared(text, "pred");
        string body = text[(text.LastIndexOf(".reg", StringComparison.Ordinal))..];
        body = body[(body.IndexOf('\n', StringComparison.Ordinal) + 1)..body.LastIndexOf('}')];
        foreach (string line in body.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)))
        {
            if (line.EndsWith(':'))
            {
                labels.Add(line[..^1], Instructions.Count);
            }
            else
            {
                Instructions.Add(Parse(line.TrimEnd(';')));
            }
        }
    }

    /// <summary>In order.</summary>
    public List<PtxInstruction> Instructions { get; } = [];

    /// <summary>Declared registers; constants of the program lie behind them.</summary>
    public int Integers { get; }

    /// <inheritdoc cref="Integers"/>
    public int Longs { get; }

    /// <inheritdoc cref="Integers"/>
    public int Floats { get; }

    /// <inheritdoc cref="Integers"/>
    public int Predicates { get; }

    public ReadOnlySpan<int> IntegerConstants => CollectionsMarshal.AsSpan(integerConstants);

    public ReadOnlySpan<long> LongConstants => CollectionsMarshal.AsSpan(longConstants);

    public ReadOnlySpan<float> FloatConstants => CollectionsMarshal.AsSpan(floatConstants);

    /// <summary>Where a label stands.</summary>
    public int Place(string label) => labels[label];

    private static int Declared(string text, string type)
    {
        Match match = Regex.Match(text, $@"\.reg \.{type} %[a-z]+<(\d+)>;");
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|[^,\s]+")]
    private static partial Regex Operands();

    private PtxInstruction Parse(string line)
    {
        int guard = -1;
        bool isNegated = false;
        string rest = line;
        if (line.StartsWith('@'))
        {
            string name = line[1..line.IndexOf(' ', StringComparison.Ordinal)];
            isNegated = name.StartsWith('!');
            guard = Register(name.TrimStart('!'), "%p", Predicates);
            rest = line[(name.Length + 2)..];
        }

        string[] words = [.. Operands().Matches(rest).Select(match => match.Value)];
        string operation = words[0];
        string[] operands = words[1..];
        PtxInstruction Of(PtxInstructionKind kind, string target = "") => new(line, kind, guard, isNegated, target, null);
        return operation switch
        {
            "bra" or "bra.uni" => Of(PtxInstructionKind.Branch, operands[0]),
            "bar.sync" => Of(PtxInstructionKind.Barrier),
            "ret" => Of(PtxInstructionKind.Return),
            _ => new PtxInstruction(line, PtxInstructionKind.Plain, guard, isNegated, string.Empty, Meaning(line, operation, operands)),
        };
    }

    private static int Register(string name, string prefix, int count)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(name[prefix.Length..], CultureInfo.InvariantCulture, out int number) || number >= count)
        {
            throw new FormatException($"'{name}' is not a register {prefix}1 to {prefix}{count - 1}.");
        }

        return number;
    }

    private int P(string name) => Register(name, "%p", Predicates);

    private int F(string name) => name.StartsWith("0f", StringComparison.Ordinal)
        ? Constant(floatConstants, Floats, BitConverter.Int32BitsToSingle(unchecked((int)uint.Parse(name[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture))))
        : Register(name, "%f", Floats);

    private int R(string name) => name.StartsWith("0x", StringComparison.Ordinal)
        ? Constant(integerConstants, Integers, unchecked((int)uint.Parse(name[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
        : int.TryParse(name, CultureInfo.InvariantCulture, out int value) ? Constant(integerConstants, Integers, value)
        : Register(name, "%r", Integers);

    private int D(string name) => long.TryParse(name, CultureInfo.InvariantCulture, out long value)
        ? Constant(longConstants, Longs, value)
        : Register(name, "%rd", Longs);

    private static int Constant<T>(List<T> constants, int declared, T value)
    {
        constants.Add(value);
        return declared + constants.Count - 1;
    }

    /// <summary>The register (or name) and the number of an address <c>[register+number]</c>.</summary>
    private static (string Base, int Offset) Address(string operand)
    {
        string[] parts = operand.Trim('[', ']').Split('+');
        return (parts[0], parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string[] Registers(string operand) => operand.Trim('{', '}').Split(", ");
}
