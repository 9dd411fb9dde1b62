namespace FlowRatio.Kernels;

/// <summary>How a card multiplies matrices. Storage is float32 and everything but products computes as before in every mode.</summary>
public enum ProductPrecision
{
    /// <summary>Fused multiply-adds in float32.</summary>
    Fp32,

    /// <summary>Tensor cores: factors rounded to TF32 (11 significant bits), sums in float32.</summary>
    Tf32,

    /// <summary>Tensor cores with each factor as the sum of two TF32 numbers, three products instead of one: nearly float32's error.</summary>
    ThreeTf32,

    /// <summary>As <see cref="Fp32"/>, by the kernels in C# that every device runs, also where the card has better ones.</summary>
    Portable,
}
