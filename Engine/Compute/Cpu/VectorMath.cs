using System.Runtime.CompilerServices;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Elementary functions on vectors of floats.</summary>
internal static class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Below this e^x - 1 rounds to -1 long since; the bound keeps the power of two in range.
    private const float LowestExponent = -87f;

    // Adding 1.5 * 2^23 rounds to an integer and leaves that integer in the low bits.
    private const float RoundingShift = 12582912f;
    private const float Log2E = 1.44269504088896341f;

    // ln 2 in two parts: the first has few enough bits that n * Ln2High is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>selu(x); a NaN stays a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Selu(TVector x) =>
        ExponentialUnit(x, TSimd.Broadcast((float)Compute.Selu.Scale), TSimd.Broadcast((float)Compute.Selu.ScaleAlpha));

    /// <summary>elu(x); a NaN stays a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Elu(TVector x)
    {
        TVector one = TSimd.Broadcast(1f);
        return ExponentialUnit(x, one, one);
    }

    /// <summary>selu'(x) from a = selu(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector SeluDerivative(TVector activation) =>
        TSimd.SelectPositive(
            activation,
            TSimd.Broadcast((float)Compute.Selu.Scale),
            TSimd.Add(activation, TSimd.Broadcast((float)Compute.Selu.ScaleAlpha)));

    /// <summary>elu'(x) from a = elu(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector EluDerivative(TVector activation)
    {
        TVector one = TSimd.Broadcast(1f);
        return TSimd.SelectPositive(activation, one, TSimd.Add(activation, one));
    }

    /// <summary>
    /// e^x for x &lt;= 0, relative error below 2e-7: x = n ln 2 + r with |r| &lt;= ln 2 / 2, a polynomial of degree 7 in r
    /// (Cephes' expf coefficients), times 2^n.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfNonPositive(TVector x)
    {
        x = TSimd.Max(TSimd.Broadcast(LowestExponent), x);
        TVector shift = TSimd.Broadcast(RoundingShift);
        TVector shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(Log2E), shift);
        TVector n = TSimd.Subtract(shifted, shift);
        TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-Ln2High), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-Ln2Low), r);
        TVector p = TSimd.Broadcast(1.9875691500e-4f);
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1.3981999507e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(8.3334519073e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(4.1665795894e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1.6666665459e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(5.0000001201e-1f));
        TVector one = TSimd.Broadcast(1f);
        p = TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), TSimd.Add(r, one));
        return TSimd.ScaleByPowerOfTwo(p, shifted);
    }

    // scale x for x > 0, scaleAlpha (e^x - 1) otherwise.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentialUnit(TVector x, TVector scale, TVector scaleAlpha)
    {
        TVector negative = TSimd.Subtract(TSimd.Multiply(scaleAlpha, ExpOfNonPositive(TSimd.Min(TSimd.Zero, x))), scaleAlpha);
        return TSimd.SelectPositive(x, TSimd.Multiply(scale, x), negative);
    }
}
