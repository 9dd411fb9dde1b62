namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>One instruction, ready to run.</summary>
/// <param name="Text">As it stands in the program.</param>
/// <param name="Kind">What it does to the flow of control.</param>
/// <param name="Guard">Register of its predicate, or -1.</param>
/// <param name="IsNegated">Whether threads without the predicate execute it.</param>
/// <param name="Target">Where a branch goes: a label.</param>
/// <param name="Run">What it does for the lanes of a mask.</param>
internal sealed record PtxInstruction(
    string Text, PtxInstructionKind Kind, int Guard, bool IsNegated, string Target, Action<PtxWarp, uint>? Run);
