namespace FlowRatio.Engine.Compute;

/// <summary>What a backward operation does with the gradient that is already in its destination.</summary>
public enum GradientMode
{
    /// <summary>The destination is overwritten.</summary>
    Overwrite,

    /// <summary>The new gradient is added to the destination.</summary>
    Accumulate,
}
