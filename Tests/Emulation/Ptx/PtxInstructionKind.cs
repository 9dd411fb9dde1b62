namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>What an instruction does to the flow of control.</summary>
internal enum PtxInstructionKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Jumps.</summary>
    Branch,

    /// <summary>Waits for the other warps of the group.</summary>
    Barrier,

    /// <summary>Ends the kernel.</summary>
    Return,
}
