namespace FlowRatio.Kernels;

/// <summary>A device of this machine, as <c>flowratio devices</c> lists it.</summary>
/// <param name="Name">What <c>--device</c> takes.</param>
/// <param name="Product">Product, and driver or platform.</param>
/// <param name="Capability">What it can, in its maker's terms.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="Refusal">Why it cannot be used; null where it can.</param>
/// <param name="IsCard">Whether it computes beside the processor: what <c>auto</c> may take.</param>
public sealed record DeviceEntry(
    string Name, string Product, string Capability, long MemoryBytes, string? Refusal = null, bool IsCard = false);
