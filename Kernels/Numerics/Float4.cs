using System.Runtime.InteropServices;

namespace FlowRatio.Kernels.Numerics;

/// <summary>Four floats that are loaded and stored as one 128-bit word.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Float4
{
    /// <summary>Number of floats.</summary>
    public const int Count = 4;

    public float X;
    public float Y;
    public float Z;
    public float W;

    /// <summary>sum + factor term, element by element.</summary>
    public static Float4 AddScaled(Float4 sum, float factor, Float4 term) => new()
    {
        X = sum.X + (factor * term.X),
        Y = sum.Y + (factor * term.Y),
        Z = sum.Z + (factor * term.Z),
        W = sum.W + (factor * term.W),
    };
}
