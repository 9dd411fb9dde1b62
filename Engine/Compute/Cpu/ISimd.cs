using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// The vector instructions that the kernels use, for one instruction set. Kernels are generic over it, so the JIT compiles
/// each of them once per instruction set with everything inlined.
/// </summary>
/// <typeparam name="TVector">The machine's vector of floats.</typeparam>
internal interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats per vector.</summary>
    static abstract int Width { get; }

    static abstract TVector Zero { get; }

    static abstract unsafe TVector Load(float* source);

    static abstract unsafe void Store(float* destination, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>left * right + addend, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Lane-wise minimum; a NaN in <paramref name="value"/> stays.</summary>
    static abstract TVector Min(TVector bound, TVector value);

    /// <summary>Lane-wise maximum; a NaN in <paramref name="value"/> stays.</summary>
    static abstract TVector Max(TVector bound, TVector value);

    /// <summary>Lane-wise: selector &gt; 0 ? ifPositive : otherwise (a NaN selects the latter).</summary>
    static abstract TVector SelectPositive(TVector selector, TVector ifPositive, TVector otherwise);

    static abstract TVector SquareRoot(TVector value);

    /// <summary>The vector whose lanes all have the bits of an integer.</summary>
    static abstract TVector BroadcastBits(int bits);

    /// <summary>Lanes' bits as signed integers, rounded to the nearest float.</summary>
    static abstract TVector ConvertBits(TVector bits);

    static abstract TVector AddBits(TVector left, TVector right);

    static abstract TVector SubtractBits(TVector left, TVector right);

    static abstract TVector And(TVector left, TVector right);

    static abstract TVector Xor(TVector left, TVector right);

    static abstract TVector ShiftLeft(TVector bits, [ConstantExpected] byte count);

    /// <summary>Shifts in zeros.</summary>
    static abstract TVector ShiftRight(TVector bits, [ConstantExpected] byte count);

    /// <summary>Shifts in copies of the sign.</summary>
    static abstract TVector ShiftRightSigned(TVector bits, [ConstantExpected] byte count);

    /// <summary>Whether all lanes are at most a bound (false if one is NaN).</summary>
    static abstract bool AllAtMost(TVector values, TVector bound);

    /// <summary>The sums over the lanes of four vectors, in a fixed order.</summary>
    static abstract Vector128<float> SumLanes(TVector first, TVector second, TVector third, TVector fourth);
}
