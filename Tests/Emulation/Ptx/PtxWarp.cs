using System.Runtime.InteropServices;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// Thirty-two threads in lockstep. Stricter than a card where that finds errors: registers start as NaN and large numbers; the target
/// of an asynchronous copy is NaN until the copy is waited for, which happens at the last moment allowed; branches must be uniform; a
/// TF32 operand must have no bits beyond TF32's.
/// </summary>
internal sealed class PtxWarp
{
    public const int Lanes = 32;
    private const int Unset = 0x7A7A_7A7A;
    private readonly PtxProgram program;
    private readonly Queue<List<Transfer>> groups = [];
    private readonly double[] left = new double[16 * 8];
    private readonly double[] right = new double[8 * 8];
    private List<Transfer> open = [];
    private int next;

    public PtxWarp(PtxProgram program, PtxGroup group, int number)
    {
        this.program = program;
        Group = group;
        FirstThread = number * Lanes;
        R = Registers(program.Integers, program.IntegerConstants, Unset);
        D = Registers(program.Longs, program.LongConstants, Unset);
        F = Registers(program.Floats, program.FloatConstants, float.NaN);
        P = new uint[program.Predicates];
    }

    public PtxGroup Group { get; }

    public int FirstThread { get; }

    /// <summary>Integer registers, a value per lane.</summary>
    public int[][] R { get; }

    /// <summary>Address registers.</summary>
    public long[][] D { get; }

    /// <summary>Float registers.</summary>
    public float[][] F { get; }

    /// <summary>Predicates, a bit per lane.</summary>
    public uint[] P { get; }

    public bool IsDone { get; private set; }

    public static void RequireAll(uint mask)
    {
        if (mask != uint.MaxValue)
        {
            throw new InvalidOperationException("All lanes must execute this instruction; some are masked out.");
        }
    }

    /// <summary>Runs to the next barrier, or the end.</summary>
    public void Run()
    {
        while (true)
        {
            PtxInstruction instruction = program.Instructions[next++];
            uint mask = instruction.Guard < 0 ? uint.MaxValue : instruction.IsNegated ? ~P[instruction.Guard] : P[instruction.Guard];
            switch (instruction.Kind)
            {
                case PtxInstructionKind.Branch when mask == uint.MaxValue:
                    next = program.Place(instruction.Target);
                    break;
                case PtxInstructionKind.Branch when mask != 0:
                    throw new InvalidOperationException($"'{instruction.Text}' is taken by some lanes only ({mask:X8}).");
                case PtxInstructionKind.Branch:
                    break;
                case PtxInstructionKind.Barrier:
                    return;
                case PtxInstructionKind.Return:
                    IsDone = true;
                    if (open.Count > 0 || groups.Any(group => group.Count > 0))
                    {
                        throw new InvalidOperationException("The kernel ends while copies are on their way.");
                    }

                    return;
                default:
                    if (mask != 0)
                    {
                        instruction.Run!(this, mask);
                    }

                    break;
            }
        }
    }

    public T Argument<T>(int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(Group.Arguments.AsSpan(offset));

    public static void Each<T>(uint mask, T[][] registers, int target, Func<int, T> value)
    {
        T[] register = registers[target];
        for (int lane = 0; lane < Lanes; lane++)
        {
            if ((mask >> lane & 1) != 0)
            {
                register[lane] = value(lane);
            }
        }
    }

    public void SetPredicate(uint mask, int target, uint value) => P[target] = (P[target] & ~mask) | (value & mask);

    public void StartCopy(int target, long source, int size, int bytes)
    {
        if (bytes < 0 || bytes > size || target % size != 0 || (bytes > 0 && source % size != 0))
        {
            throw new InvalidOperationException($"A copy of {bytes} of {size} bytes from {source:X} to {target:X} is out of range or not aligned.");
        }

        Group.Shared(target, size / sizeof(float)).Fill(float.NaN);
        open.Add(new Transfer(target, source, size, bytes));
    }

    public void CommitCopies()
    {
        groups.Enqueue(open);
        open = [];
    }

    public void CompleteCopies(int pending)
    {
        while (groups.Count > pending)
        {
            foreach (Transfer copy in groups.Dequeue())
            {
                Span<float> target = Group.Shared(copy.Target, copy.Size / sizeof(float));
                target.Clear();
                if (copy.Bytes > 0)
                {
                    Group.Read(copy.Source, MemoryMarshal.AsBytes(target)[..copy.Bytes]);
                }
            }
        }
    }

    public void CompleteAllCopies()
    {
        CommitCopies();
        CompleteCopies(0);
    }

    /// <summary>
    /// D = A B + C with the fragments of the PTX ISA for m16n8k8 and TF32: with g = lane / 4, t = lane mod 4, a0 to a3 are A(g, t), A(g + 8, t),
    /// A(g, t + 4), A(g + 8, t + 4); b0 and b1 B(t, g), B(t + 4, g); c0 to c3 C(g, 2t), C(g, 2t + 1), C(g + 8, 2t), C(g + 8, 2t + 1). Products are
    /// exact and added in float64, rounded once.
    /// </summary>
    public void TensorMultiply(int[] d, int[] a, int[] b, int[] c)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            (int g, int t) = (lane / 4, lane % 4);
            left[(g * 8) + t] = Tf32(R[a[0]][lane]);
            left[((g + 8) * 8) + t] = Tf32(R[a[1]][lane]);
            left[(g * 8) + t + 4] = Tf32(R[a[2]][lane]);
            left[((g + 8) * 8) + t + 4] = Tf32(R[a[3]][lane]);
            right[(t * 8) + g] = Tf32(R[b[0]][lane]);
            right[((t + 4) * 8) + g] = Tf32(R[b[1]][lane]);
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            (int g, int t) = (lane / 4, lane % 4);
            F[d[0]][lane] = Element(g, 2 * t, F[c[0]][lane]);
            F[d[1]][lane] = Element(g, (2 * t) + 1, F[c[1]][lane]);
            F[d[2]][lane] = Element(g + 8, 2 * t, F[c[2]][lane]);
            F[d[3]][lane] = Element(g + 8, (2 * t) + 1, F[c[3]][lane]);
        }
    }

    private static T[][] Registers<T>(int declared, ReadOnlySpan<T> constants, T unset)
    {
        T[][] registers = new T[declared + constants.Length][];
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = new T[Lanes];
            Array.Fill(registers[i], i < declared ? unset : constants[i - declared]);
        }

        return registers;
    }

    private static double Tf32(int bits)
    {
        float value = BitConverter.Int32BitsToSingle(bits);
        return (bits & 0x1FFF) == 0 || float.IsNaN(value)
            ? value
            : throw new InvalidOperationException($"{value:R} has more bits than TF32.");
    }

    private float Element(int row, int column, float start)
    {
        double sum = start;
        for (int k = 0; k < 8; k++)
        {
            sum += left[(row * 8) + k] * right[(k * 8) + column];
        }

        return (float)sum;
    }

    /// <summary>An asynchronous copy on its way: so many bytes, and zeros up to the size.</summary>
    private readonly record struct Transfer(int Target, long Source, int Size, int Bytes);
}
