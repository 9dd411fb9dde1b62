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

    /// <summary>The sums over the lanes of four vectors, in a fixed order.</summary>
    static abstract Vector128<float> SumLanes(TVector first, TVector second, TVector third, TVector fourth);

    /// <summary>Multiplies by 2^n, where n sits in the low bits of <paramref name="shifted"/> = n + 1.5 2^23.</summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector shifted);
}
