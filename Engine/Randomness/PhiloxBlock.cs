using System.Runtime.CompilerServices;

namespace FlowRatio.Engine.Randomness;

/// <summary>Four 32-bit words of <see cref="Philox"/> and their conversions to uniform and normal deviates.</summary>
/// <param name="X0">Word 0.</param>
/// <param name="X1">Word 1.</param>
/// <param name="X2">Word 2.</param>
/// <param name="X3">Word 3.</param>
public readonly record struct PhiloxBlock(uint X0, uint X1, uint X2, uint X3)
{
    private const double TwoToMinus32 = 1.0 / 4294967296.0;
    private const double TwoToMinus53 = 1.0 / 9007199254740992.0;

    /// <summary>Word number <paramref name="index"/> (0 to 3).</summary>
    /// <param name="index">Which word.</param>
    public uint this[int index] => index switch { 0 => X0, 1 => X1, 2 => X2, _ => X3 };

    /// <summary>A uniform deviate in [0, 1) with 53 bits, from words 0 and 1.</summary>
    public double Uniform01 => ToUniform(X0, X1);

    /// <summary>Two independent standard normal deviates from words 0 and 1 (Box and Muller, 1958).</summary>
    public (double First, double Second) Normal01 => BoxMuller(X0, X1);

    /// <summary>Two independent standard normal deviates from words 2 and 3.</summary>
    public (double First, double Second) Normal23 => BoxMuller(X2, X3);

    /// <summary>Standard normal deviate number <paramref name="index"/> of this block (0 to 3).</summary>
    /// <param name="index">Which deviate.</param>
    public double Normal(int index) => index switch
    {
        0 => Normal01.First,
        1 => Normal01.Second,
        2 => Normal23.First,
        _ => Normal23.Second,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToUniform(uint high, uint low) => ((((ulong)high << 32) | low) >> 11) * TwoToMinus53;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double First, double Second) BoxMuller(uint first, uint second)
    {
        // The half keeps the logarithm's argument above zero; the largest deviate is sqrt(-2 ln 2^-33) = 6.76.
        double radius = Math.Sqrt(-2 * Math.Log((first + 0.5) * TwoToMinus32));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * ((second + 0.5) * TwoToMinus32));
        return (radius * cosine, radius * sine);
    }
}
