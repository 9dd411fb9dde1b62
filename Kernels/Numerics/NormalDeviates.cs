using FlowRatio.Engine.Randomness;

namespace FlowRatio.Kernels.Numerics;

/// <summary>Normal deviates from the words of a Philox block, as <see cref="PhiloxBlock"/> makes them on the host (Box and Muller, 1958).</summary>
internal static class NormalDeviates
{
    private const double TwoToMinus32 = 1.0 / 4294967296.0;

    /// <summary>Deviate number 0 to 3 of a block.</summary>
    public static double Of(PhiloxBlock block, int index) => index < 2
        ? BoxMuller(block.X0, block.X1, index)
        : BoxMuller(block.X2, block.X3, index - 2);

    /// <summary>The first of a pair takes the cosine, the second the sine.</summary>
    private static double BoxMuller(uint radiusWord, uint angleWord, int second)
    {
        double radius = Math.Sqrt(-2 * Elementary.Log((radiusWord + 0.5) * TwoToMinus32));
        return radius * Elementary.OfQuarters(4 * ((angleWord + 0.5) * TwoToMinus32), 1 - second);
    }
}
