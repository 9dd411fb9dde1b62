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

    /// <summary>Largest magnitude of an angle that <see cref="SinCos"/> reduces accurately.</summary>
    public const float LargestAngle = 8192f;

    private const float TwoOverPi = 0.636619772367581343f;

    // pi/2 in three parts, the first two short enough that their products with n < 2^13 are exact.
    private const float HalfPiHigh = 1.5703125f;
    private const float HalfPiMiddle = 4.837512969970703125e-4f;
    private const float HalfPiLow = 7.549789948768648e-8f;
    private const float RootHalf = 0.70710678f;
    private const double TwoTo32 = 4294967296.0;

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
    /// e^x - 1 for x &lt;= 0, error below 1.5e-7 of |e^x - 1|: x = n ln 2 + r with |r| &lt;= ln 2 / 2, a polynomial q(r) = e^r - 1 of
    /// degree 7 (Cephes' expf coefficients), then 2^n q + (2^n - 1), in which nothing cancels. -infinity gives -1, NaN stays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpMinusOneOfNonPositive(TVector x)
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
        TVector q = TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), r);

        // The integer n sits in the low bits of the shifted value; on top of the exponent of 1 it makes 2^n.
        TVector one = TSimd.Broadcast(1f);
        TVector power = TSimd.AddBits(TSimd.ShiftLeft(shifted, 23), one);
        return TSimd.MultiplyAdd(q, power, TSimd.Subtract(power, one));
    }

    /// <summary>
    /// sin x and cos x for |x| &lt;= <see cref="LargestAngle"/>, absolute error below 1.2e-7: x = n pi/2 + r, pi/2 in three parts.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(TVector x, out TVector sine, out TVector cosine)
    {
        TVector shift = TSimd.Broadcast(RoundingShift);
        TVector shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(TwoOverPi), shift);
        TVector n = TSimd.Subtract(shifted, shift);
        TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-HalfPiHigh), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-HalfPiMiddle), r);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-HalfPiLow), r);
        Turn(r, shifted, out sine, out cosine);
    }

    /// <summary>
    /// Two standard normal deviates from two words of random bits per lane (Box and Muller, 1958), as
    /// <see cref="Randomness.PhiloxBlock.Normal01"/>: radius sqrt(-2 ln((first + 1/2) / 2^32)), angle 2 pi (second + 1/2) / 2^32.
    /// Absolute error below 1.5e-6 at the largest radius, 6.76, and below 3e-7 of the radius.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normals(TVector firstWord, TVector secondWord, out TVector first, out TVector second)
    {
        TVector radius = TSimd.SquareRoot(TSimd.Multiply(TSimd.Broadcast(-2f), LogOfWord(firstWord)));

        // The nearest quarter turn in the upper two bits, what remains as a signed integer: reduction without rounding.
        TVector quarter = TSimd.ShiftRight(TSimd.AddBits(secondWord, TSimd.BroadcastBits(1 << 29)), 30);
        TVector rest = TSimd.SubtractBits(secondWord, TSimd.ShiftLeft(quarter, 30));
        TVector r = TSimd.Multiply(
            TSimd.Add(TSimd.ConvertBits(rest), TSimd.Broadcast(0.5f)), TSimd.Broadcast((float)(2 * Math.PI / TwoTo32)));
        Turn(r, quarter, out TVector sine, out TVector cosine);
        first = TSimd.Multiply(radius, cosine);
        second = TSimd.Multiply(radius, sine);
    }

    /// <summary>ln((w + 1/2) / 2^32) of 32 random bits w, relative error below 2.5e-7 also where it is close to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogOfWord(TVector word)
    {
        TVector value = ToFloatPlusHalf(word);

        // value = 2^e m with m in [sqrt(1/2), sqrt(2)).
        TVector rootHalf = TSimd.Broadcast(RootHalf);
        TVector bits = TSimd.SubtractBits(value, rootHalf);
        TVector e = TSimd.Subtract(TSimd.ConvertBits(TSimd.ShiftRightSigned(bits, 23)), TSimd.Broadcast(32f));
        TVector m = TSimd.AddBits(TSimd.And(bits, TSimd.BroadcastBits(0x007FFFFF)), rootHalf);

        // In the top octave m - 1 is what the complement of the word says exactly, however close to zero.
        TVector complement = ToFloatPlusHalf(TSimd.Xor(word, TSimd.BroadcastBits(-1)));
        TVector one = TSimd.Broadcast(1f);
        TVector z = TSimd.SelectPositive(
            TSimd.Add(e, one), TSimd.Multiply(complement, TSimd.Broadcast((float)(-1 / TwoTo32))), TSimd.Subtract(m, one));

        // Cephes' logf.
        TVector p = TSimd.Broadcast(7.0376836292e-2f);
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(-1.1514610310e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(1.1676998740e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(-1.2420140846e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(1.4249322787e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(-1.6668057665e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(2.0000714765e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(-2.4999993993e-1f));
        p = TSimd.MultiplyAdd(p, z, TSimd.Broadcast(3.3333331174e-1f));
        TVector square = TSimd.Multiply(z, z);
        TVector y = TSimd.Multiply(TSimd.Multiply(p, z), square);
        y = TSimd.MultiplyAdd(e, TSimd.Broadcast(Ln2Low), y);
        y = TSimd.MultiplyAdd(square, TSimd.Broadcast(-0.5f), y);
        return TSimd.MultiplyAdd(e, TSimd.Broadcast(Ln2High), TSimd.Add(z, y));
    }

    /// <summary>A word as unsigned integer plus a half, rounded once (the upper and lower 16 bits convert exactly).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ToFloatPlusHalf(TVector word)
    {
        TVector high = TSimd.ConvertBits(TSimd.ShiftRight(word, 16));
        TVector low = TSimd.ConvertBits(TSimd.And(word, TSimd.BroadcastBits(0xFFFF)));
        return TSimd.MultiplyAdd(high, TSimd.Broadcast(65536f), TSimd.Add(low, TSimd.Broadcast(0.5f)));
    }

    /// <summary>sin and cos of r + n pi/2 for |r| &lt;= pi/4; n are the lowest bits of <paramref name="quarters"/> (Cephes' sinf and cosf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(TVector r, TVector quarters, out TVector sine, out TVector cosine)
    {
        TVector square = TSimd.Multiply(r, r);
        TVector s = TSimd.Broadcast(-1.9515295891e-4f);
        s = TSimd.MultiplyAdd(s, square, TSimd.Broadcast(8.3321608736e-3f));
        s = TSimd.MultiplyAdd(s, square, TSimd.Broadcast(-1.6666654611e-1f));
        s = TSimd.MultiplyAdd(TSimd.Multiply(s, square), r, r);
        TVector c = TSimd.Broadcast(2.443315711809948e-5f);
        c = TSimd.MultiplyAdd(c, square, TSimd.Broadcast(-1.388731625493765e-3f));
        c = TSimd.MultiplyAdd(c, square, TSimd.Broadcast(4.166664568298827e-2f));
        c = TSimd.MultiplyAdd(c, TSimd.Multiply(square, square), TSimd.MultiplyAdd(square, TSimd.Broadcast(-0.5f), TSimd.Broadcast(1f)));

        // An odd number of quarters exchanges the two; bit 1 of n is the sign of the sine, bit 1 of n + 1 that of the cosine.
        TVector odd = TSimd.ConvertBits(TSimd.And(quarters, TSimd.BroadcastBits(1)));
        TVector signBit = TSimd.BroadcastBits(int.MinValue);
        TVector sineSign = TSimd.And(TSimd.ShiftLeft(quarters, 30), signBit);
        TVector cosineSign = TSimd.And(TSimd.ShiftLeft(TSimd.AddBits(quarters, TSimd.BroadcastBits(1)), 30), signBit);
        sine = TSimd.Xor(TSimd.SelectPositive(odd, c, s), sineSign);
        cosine = TSimd.Xor(TSimd.SelectPositive(odd, s, c), cosineSign);
    }

    // scale x for x > 0, scaleAlpha (e^x - 1) otherwise.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentialUnit(TVector x, TVector scale, TVector scaleAlpha)
    {
        TVector negative = TSimd.Multiply(scaleAlpha, ExpMinusOneOfNonPositive(TSimd.Min(TSimd.Zero, x)));
        return TSimd.SelectPositive(x, TSimd.Multiply(scale, x), negative);
    }
}
