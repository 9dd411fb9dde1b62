using System.Runtime.CompilerServices;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// Zeroed floats on a 64-byte boundary that never move (pinned object heap). The garbage collector owns the memory, so a
/// forgotten disposal leaks nothing and a pointer is valid as long as its owner is reachable.
/// </summary>
internal sealed unsafe class AlignedArray
{
    private const int AlignmentFloats = 16;
    private readonly float[] memory;

    public AlignedArray(long length)
    {
        if (length > int.MaxValue - AlignmentFloats)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"A matrix of {length} floats is larger than one array; use fewer rows per chunk.");
        }

        Length = (int)length;
        memory = GC.AllocateArray<float>(Length + AlignmentFloats, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref memory[0]);
        nint aligned = (address + 63) & ~(nint)63;
        Pointer = (float*)aligned;
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => new(Pointer, Length);
}
