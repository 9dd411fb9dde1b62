namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Division of sizes, rounded up.</summary>
internal static class Division
{
    /// <summary>Parts of a size that are needed to cover a value.</summary>
    public static int Up(int value, int divisor) => (value + divisor - 1) / divisor;

    /// <summary>The smallest multiple that is not below a value.</summary>
    public static int UpToMultiple(int value, int multiple) => Up(value, multiple) * multiple;
}
