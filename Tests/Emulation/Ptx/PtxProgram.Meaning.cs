using System.Numerics;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <content>What instructions mean.</content>
internal sealed partial class PtxProgram
{
    private Action<PtxWarp, uint> Meaning(string line, string operation, string[] o)
    {
        switch (operation)
        {
            case "mov.u32" when o[1] is "%tid.x" or "%ctaid.x" or "%ctaid.y" or "%ctaid.z" or "tiles":
                return Special(R(o[0]), o[1]);
            case "mov.u32":
                return Integers1(o, a => a);
            case "mov.f32":
                return Floats1(o);
            case "mov.b32" when o[0].StartsWith("%r", StringComparison.Ordinal):
                return IntegerOfFloat(R(o[0]), F(o[1]));
            case "mov.b32":
                return FloatOfInteger(F(o[0]), R(o[1]));
            case "ld.param.s32":
                return (w, mask) => PtxWarp.Each(mask, w.R, R(o[0]), _ => w.Argument<int>(Address(o[1]).Offset));
            case "ld.param.u64":
                return (w, mask) => PtxWarp.Each(mask, w.D, D(o[0]), _ => w.Argument<long>(Address(o[1]).Offset));
            case "ld.param.f32":
                return (w, mask) => PtxWarp.Each(mask, w.F, F(o[0]), _ => w.Argument<float>(Address(o[1]).Offset));
            case "add.s32":
                return Integers2(o, (a, b) => a + b);
            case "sub.s32":
                return Integers2(o, (a, b) => a - b);
            case "mul.lo.s32":
                return Integers2(o, (a, b) => a * b);
            case "min.s32":
                return Integers2(o, Math.Min);
            case "max.s32":
                return Integers2(o, Math.Max);
            case "and.b32":
                return Integers2(o, (a, b) => a & b);
            case "shl.b32":
                return Integers2(o, (a, b) => a << b);
            case "shr.u32":
                return Integers2(o, (a, b) => (int)((uint)a >> b));
            case "shr.s32":
                return Integers2(o, (a, b) => a >> b);
            case "rem.u32":
                return Integers2(o, (a, b) => (int)((uint)a % (uint)b));
            case "mad.lo.s32":
                return Integers3(o);
            case "mul.wide.s32":
                return Wide(D(o[0]), R(o[1]), R(o[2]), null);
            case "mad.wide.s32":
                return Wide(D(o[0]), R(o[1]), R(o[2]), D(o[3]));
            case "add.s64":
                return Add64(D(o[0]), D(o[1]), D(o[2]));
            case "selp.b32":
                return Select(o);
            case "selp.f32":
                return SelectFloat(o);
            case "not.pred":
                return Not(P(o[0]), P(o[1]));
            case "add.rn.f32":
                return Floats2(o, FloatOperation.Add);
            case "sub.rn.f32":
                return Floats2(o, FloatOperation.Subtract);
            case "mul.rn.f32":
                return Floats2(o, FloatOperation.Multiply);
            case "fma.rn.f32":
                return MultiplyAdd(F(o[0]), F(o[1]), F(o[2]), F(o[3]));
            case "ld.shared.f32":
                return LoadShared([F(o[0])], o[1]);
            case "ld.shared.v4.f32":
                return LoadShared([.. Registers(o[0]).Select(F)], o[1]);
            case "ld.global.f32":
                return LoadGlobal(F(o[0]), o[1]);
            case "st.global.f32":
                return StoreGlobal(o[0], F(o[1]));
            case "cp.async.cg.shared.global" when o[2] == "16":
            case "cp.async.ca.shared.global" when o[2] == "4":
                return CopyAsync(o);
            case "cp.async.commit_group":
                return (w, _) => w.CommitCopies();
            case "cp.async.wait_group":
                int pending = int.Parse(o[0], System.Globalization.CultureInfo.InvariantCulture);
                return (w, _) => w.CompleteCopies(pending);
            case "cp.async.wait_all":
                return (w, _) => w.CompleteAllCopies();
            case "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32":
                return TensorMultiply(o);
            default:
                return operation.StartsWith("setp.", StringComparison.Ordinal)
                    ? Compare(operation.Split('.')[1..], o)
                    : throw new NotSupportedException($"'{line}' is not an instruction that products use.");
        }
    }

    private static Action<PtxWarp, uint> Special(int target, string name) => (w, mask) => PtxWarp.Each(mask, w.R, target, lane => name switch
    {
        "%tid.x" => w.FirstThread + lane,
        "%ctaid.x" => w.Group.X,
        "%ctaid.y" => w.Group.Y,
        "%ctaid.z" => w.Group.Z,
        _ => 0,
    });

    private Action<PtxWarp, uint> Integers1(string[] o, Func<int, int> function)
    {
        (int d, int a) = (R(o[0]), R(o[1]));
        return (w, mask) => PtxWarp.Each(mask, w.R, d, lane => function(w.R[a][lane]));
    }

    private Action<PtxWarp, uint> Integers2(string[] o, Func<int, int, int> function)
    {
        (int d, int a, int b) = (R(o[0]), R(o[1]), R(o[2]));
        return (w, mask) => PtxWarp.Each(mask, w.R, d, lane => function(w.R[a][lane], w.R[b][lane]));
    }

    private Action<PtxWarp, uint> Integers3(string[] o)
    {
        (int d, int a, int b, int c) = (R(o[0]), R(o[1]), R(o[2]), R(o[3]));
        return (w, mask) => PtxWarp.Each(mask, w.R, d, lane => (w.R[a][lane] * w.R[b][lane]) + w.R[c][lane]);
    }

    private static Action<PtxWarp, uint> Wide(int d, int a, int b, int? c) =>
        (w, mask) => PtxWarp.Each(mask, w.D, d, lane => ((long)w.R[a][lane] * w.R[b][lane]) + (c is { } add ? w.D[add][lane] : 0));

    private static Action<PtxWarp, uint> Add64(int d, int a, int b) =>
        (w, mask) => PtxWarp.Each(mask, w.D, d, lane => w.D[a][lane] + w.D[b][lane]);

    private Action<PtxWarp, uint> Select(string[] o)
    {
        (int d, int a, int b, int p) = (R(o[0]), R(o[1]), R(o[2]), P(o[3]));
        return (w, mask) => PtxWarp.Each(mask, w.R, d, lane => (w.P[p] >> lane & 1) != 0 ? w.R[a][lane] : w.R[b][lane]);
    }

    private Action<PtxWarp, uint> SelectFloat(string[] o)
    {
        (int d, int a, int b, int p) = (F(o[0]), F(o[1]), F(o[2]), P(o[3]));
        return (w, mask) => PtxWarp.Each(mask, w.F, d, lane => (w.P[p] >> lane & 1) != 0 ? w.F[a][lane] : w.F[b][lane]);
    }

    private static Action<PtxWarp, uint> Not(int d, int a) => (w, mask) => w.SetPredicate(mask, d, ~w.P[a]);

    private static Action<PtxWarp, uint> IntegerOfFloat(int d, int a) =>
        (w, mask) => PtxWarp.Each(mask, w.R, d, lane => BitConverter.SingleToInt32Bits(w.F[a][lane]));

    private static Action<PtxWarp, uint> FloatOfInteger(int d, int a) =>
        (w, mask) => PtxWarp.Each(mask, w.F, d, lane => BitConverter.Int32BitsToSingle(w.R[a][lane]));

    private Action<PtxWarp, uint> Floats1(string[] o)
    {
        (int d, int a) = (F(o[0]), F(o[1]));
        return (w, mask) => PtxWarp.Each(mask, w.F, d, lane => w.F[a][lane]);
    }

    private Action<PtxWarp, uint> Floats2(string[] o, FloatOperation operation)
    {
        (int d, int a, int b) = (F(o[0]), F(o[1]), F(o[2]));
        return (w, mask) =>
        {
            PtxWarp.RequireAll(mask);
            (float[] to, float[] x, float[] y) = (w.F[d], w.F[a], w.F[b]);
            for (int lane = 0; lane < PtxWarp.Lanes; lane += Vector<float>.Count)
            {
                var left = new Vector<float>(x, lane);
                var right = new Vector<float>(y, lane);
                Vector<float> result = operation switch
                {
                    FloatOperation.Add => left + right,
                    FloatOperation.Subtract => left - right,
                    _ => left * right,
                };
                result.CopyTo(to, lane);
            }
        };
    }

    private static Action<PtxWarp, uint> MultiplyAdd(int d, int a, int b, int c) => (w, mask) =>
    {
        PtxWarp.RequireAll(mask);
        (float[] to, float[] x, float[] y, float[] z) = (w.F[d], w.F[a], w.F[b], w.F[c]);
        for (int lane = 0; lane < PtxWarp.Lanes; lane += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(new Vector<float>(x, lane), new Vector<float>(y, lane), new Vector<float>(z, lane)).CopyTo(to, lane);
        }
    };

    private Action<PtxWarp, uint> LoadShared(int[] targets, string address)
    {
        (string register, int offset) = Address(address);
        int at = R(register);
        return (w, mask) =>
        {
            PtxWarp.RequireAll(mask);
            for (int lane = 0; lane < PtxWarp.Lanes; lane++)
            {
                ReadOnlySpan<float> words = w.Group.Shared(w.R[at][lane] + offset, targets.Length);
                for (int i = 0; i < targets.Length; i++)
                {
                    w.F[targets[i]][lane] = words[i];
                }
            }
        };
    }

    private Action<PtxWarp, uint> LoadGlobal(int d, string address)
    {
        (string register, int offset) = Address(address);
        int at = D(register);
        return (w, mask) => PtxWarp.Each(mask, w.F, d, lane => w.Group.Global(w.D[at][lane] + offset));
    }

    private Action<PtxWarp, uint> StoreGlobal(string address, int value)
    {
        (string register, int offset) = Address(address);
        int at = D(register);
        return (w, mask) =>
        {
            for (int lane = 0; lane < PtxWarp.Lanes; lane++)
            {
                if ((mask >> lane & 1) != 0)
                {
                    w.Group.Global(w.D[at][lane] + offset) = w.F[value][lane];
                }
            }
        };
    }

    private Action<PtxWarp, uint> CopyAsync(string[] o)
    {
        (string target, int targetOffset) = Address(o[0]);
        (string source, int sourceOffset) = Address(o[1]);
        (int to, int from, int bytes) = (R(target), D(source), R(o[3]));
        int size = int.Parse(o[2], System.Globalization.CultureInfo.InvariantCulture);
        return (w, mask) =>
        {
            PtxWarp.RequireAll(mask);
            for (int lane = 0; lane < PtxWarp.Lanes; lane++)
            {
                w.StartCopy(w.R[to][lane] + targetOffset, w.D[from][lane] + sourceOffset, size, w.R[bytes][lane]);
            }
        };
    }

    private Action<PtxWarp, uint> Compare(string[] words, string[] o)
    {
        // setp.comparison[.and|.or].type  result, a, b[, [!]other]
        string type = words[^1];
        Func<double, double, bool> compare = words[0] switch
        {
            "lt" => (a, b) => a < b,
            "le" => (a, b) => a <= b,
            "gt" => (a, b) => a > b,
            "ge" => (a, b) => a >= b,
            "eq" => (a, b) => a == b,
            "ne" => (a, b) => a != b,
            _ => throw new NotSupportedException($"setp.{words[0]}"),
        };
        int d = P(o[0]);
        (int a, int b) = type switch
        {
            "f32" => (F(o[1]), F(o[2])),
            "s64" => (D(o[1]), D(o[2])),
            "s32" => (R(o[1]), R(o[2])),
            _ => throw new NotSupportedException($"setp of {type}"),
        };
        string combine = words.Length == 3 ? words[1] : string.Empty;
        bool isNegated = o.Length > 3 && o[3].StartsWith('!');
        int other = o.Length > 3 ? P(o[3].TrimStart('!')) : 0;
        return (w, mask) =>
        {
            uint result = 0;
            for (int lane = 0; lane < PtxWarp.Lanes; lane++)
            {
                // 64-bit comparisons here are with 0, which float64 decides exactly.
                bool holds = type switch
                {
                    "f32" => compare(w.F[a][lane], w.F[b][lane]),
                    "s64" => compare(w.D[a][lane], w.D[b][lane]),
                    _ => compare(w.R[a][lane], w.R[b][lane]),
                };
                result |= (holds ? 1u : 0) << lane;
            }

            uint with = isNegated ? ~w.P[other] : w.P[other];
            w.SetPredicate(mask, d, combine switch { "and" => result & with, "or" => result | with, _ => result });
        };
    }

    private Action<PtxWarp, uint> TensorMultiply(string[] o)
    {
        int[] d = [.. Registers(o[0]).Select(F)], a = [.. Registers(o[1]).Select(R)], b = [.. Registers(o[2]).Select(R)], c = [.. Registers(o[3]).Select(F)];
        return (w, mask) =>
        {
            PtxWarp.RequireAll(mask);
            w.TensorMultiply(d, a, b, c);
        };
    }

    private enum FloatOperation
    {
        Add,
        Subtract,
        Multiply,
    }
}
