using FlowRatio.Kernels.Gemm;

namespace FlowRatio.Kernels.Backend;

/// <summary>The place of one weight's or bias's gradient in parts, and whether they wait to be summed.</summary>
internal sealed class WaitingGradient(GradientRegion region)
{
    /// <summary>Where the parts lie and where their sum goes.</summary>
    public GradientRegion Region { get; set; } = region;

    /// <summary>Floats that there is room for, from the first part on.</summary>
    public long Capacity { get; set; }

    /// <summary>Whether parts have been written and not been summed.</summary>
    public bool Waits { get; set; }
}
