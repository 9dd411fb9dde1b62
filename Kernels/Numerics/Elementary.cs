namespace FlowRatio.Kernels.Numerics;

/// <summary>
/// Elementary functions as plain arithmetic: the same polynomials on every device and in the emulation, more accurate than the
/// hardware's approximations (which err by 2^-21 and more), and no library on the device.
/// </summary>
internal static class Elementary
{
    // Below this e^x - 1 rounds to -1 long since; the bound keeps the power of two in range.
    private const float LowestExponent = -87f;

    // Adding 1.5 * 2^23 rounds to an integer and leaves that integer in the low bits.
    private const float RoundingShift = 12582912f;
    private const int RoundingShiftBits = 0x4B40_0000;
    private const float Log2E = 1.44269504088896341f;

    // ln 2 in two parts: the first has few enough bits that n * Ln2High is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const double Ln2 = 0.69314718055994530942;

    // The same in double precision (fdlibm); below the bound e^x is not a normal number.
    private const double DoubleLn2High = 6.93147180369123816490e-01;
    private const double DoubleLn2Low = 1.90821492927058770002e-10;
    private const double LowestDoubleExponent = -700;
    private const double HalfPi = 1.57079632679489661923;

    /// <summary>scale x for x &gt; 0, scale alpha (e^x - 1) otherwise: SELU, or ELU with (1, 1); a NaN stays a NaN.</summary>
    public static float ExponentialUnit(float x, float scale, float scaleAlpha) =>
        x > 0 ? scale * x : scaleAlpha * ExpMinusOneOfNonPositive(x);

    /// <summary>The slope of <see cref="ExponentialUnit"/> from its value a.</summary>
    public static float ExponentialUnitSlope(float a, float scale, float scaleAlpha) => a > 0 ? scale : a + scaleAlpha;

    /// <summary>
    /// e^x - 1 for x &lt;= 0 without cancellation: x = n ln 2 + r with |r| &lt;= ln 2 / 2, a polynomial of degree 7 in r (Cephes' expf
    /// coefficients), then 2^n (e^r - 1) + (2^n - 1). The CPU backend does the same.
    /// </summary>
    public static float ExpMinusOneOfNonPositive(float x)
    {
        // Written so that a NaN passes through.
        x = x < LowestExponent ? LowestExponent : x;
        float shifted = (x * Log2E) + RoundingShift;
        float n = shifted - RoundingShift;
        float r = x - (n * Ln2High);
        r -= n * Ln2Low;
        float p = 1.9875691500e-4f;
        p = (p * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;
        float q = (p * (r * r)) + r;
        int exponent = BitConverter.SingleToInt32Bits(shifted) - RoundingShiftBits;
        float power = BitConverter.Int32BitsToSingle((exponent + 127) << 23);
        return (q * power) + (power - 1f);
    }

    /// <summary>ln u for 0 &lt; u &lt;= 1 (normal numbers), error a few roundings: u = 2^e m, ln m = 2 artanh((m - 1) / (m + 1)) by its series.</summary>
    public static double Log(double u)
    {
        long bits = BitConverter.DoubleToInt64Bits(u);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        bool upper = m > 1.4142135623730951;
        m = upper ? 0.5 * m : m;
        exponent = upper ? exponent + 1 : exponent;

        // |f| <= 0.1716, so f^20 / 21 is below 3e-17.
        double f = (m - 1) / (m + 1);
        double s = f * f;
        double p = 1.0 / 19;
        p = (p * s) + (1.0 / 17);
        p = (p * s) + (1.0 / 15);
        p = (p * s) + (1.0 / 13);
        p = (p * s) + (1.0 / 11);
        p = (p * s) + (1.0 / 9);
        p = (p * s) + (1.0 / 7);
        p = (p * s) + (1.0 / 5);
        p = (p * s) + (1.0 / 3);
        p = (p * s) + 1;
        return (exponent * Ln2) + (2 * f * p);
    }

    /// <summary>
    /// e^x for x &lt;= 0, relative error a few roundings: x = n ln 2 + r with |r| &lt;= ln 2 / 2, the series of e^r, then 2^n; 0 below -700.
    /// </summary>
    public static double ExpOfNonPositive(double x)
    {
        double n = Math.Floor((x / Ln2) + 0.5);
        double r = (x - (n * DoubleLn2High)) - (n * DoubleLn2Low);

        // |r|^14 / 14! is below 5e-18.
        double p = 1.0 / 6227020800;
        p = (p * r) + (1.0 / 479001600);
        p = (p * r) + (1.0 / 39916800);
        p = (p * r) + (1.0 / 3628800);
        p = (p * r) + (1.0 / 362880);
        p = (p * r) + (1.0 / 40320);
        p = (p * r) + (1.0 / 5040);
        p = (p * r) + (1.0 / 720);
        p = (p * r) + (1.0 / 120);
        p = (p * r) + (1.0 / 24);
        p = (p * r) + (1.0 / 6);
        p = (p * r) + 0.5;
        p = (p * r) + 1;
        p = (p * r) + 1;
        double power = BitConverter.Int64BitsToDouble((long)(x < LowestDoubleExponent ? 0 : n + 1023) << 52);
        return x < LowestDoubleExponent ? 0 : p * power;
    }

    /// <summary>cos x for moderate |x|, absolute error below 1e-14 for |x| of order one.</summary>
    public static double Cos(double x) => OfQuarters(x / HalfPi, 1);

    /// <summary>sin x for moderate |x|, absolute error below 1e-14 for |x| of order one.</summary>
    public static double Sin(double x) => OfQuarters(x / HalfPi, 0);

    /// <summary>sin of (quarters + shift) quarter turns: a quarter turn further the sine is the cosine.</summary>
    public static double OfQuarters(double quarters, int shift)
    {
        double whole = Math.Floor(quarters + 0.5);
        double x = (quarters - whole) * HalfPi;
        int quadrant = ((int)(long)whole + shift) & 3;
        double s = x * x;
        double value = (quadrant & 1) == 0 ? SinPolynomial(x, s) : CosPolynomial(s);
        return quadrant < 2 ? value : -value;
    }

    /// <summary>The series of sin on [-pi/4, pi/4]; the first term left out is below 1e-16.</summary>
    private static double SinPolynomial(double x, double s)
    {
        double p = -1.0 / 1307674368000;
        p = (p * s) + (1.0 / 6227020800);
        p = (p * s) - (1.0 / 39916800);
        p = (p * s) + (1.0 / 362880);
        p = (p * s) - (1.0 / 5040);
        p = (p * s) + (1.0 / 120);
        p = (p * s) - (1.0 / 6);
        return x + (x * s * p);
    }

    /// <summary>The series of cos on [-pi/4, pi/4]; the first term left out is below 2e-15.</summary>
    private static double CosPolynomial(double s)
    {
        double p = -1.0 / 87178291200;
        p = (p * s) + (1.0 / 479001600);
        p = (p * s) - (1.0 / 3628800);
        p = (p * s) + (1.0 / 40320);
        p = (p * s) - (1.0 / 720);
        p = (p * s) + (1.0 / 24);
        return 1 - (0.5 * s) + (s * s * p);
    }
}
