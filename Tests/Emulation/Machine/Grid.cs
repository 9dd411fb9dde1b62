namespace FlowRatio.Tests.Emulation;

/// <summary>ILGPU's grid of groups.</summary>
internal static class Grid
{
    /// <summary>Number of this group, first coordinate.</summary>
    public static int IdxX => EmulatedThread.Current.GroupX;

    /// <summary>Number of this group, second coordinate.</summary>
    public static int IdxY => EmulatedThread.Current.GroupY;

    /// <summary>Number of this group, third coordinate.</summary>
    public static int IdxZ => EmulatedThread.Current.GroupZ;
}
