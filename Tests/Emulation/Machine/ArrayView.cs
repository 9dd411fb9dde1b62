using System.Runtime.CompilerServices;

namespace FlowRatio.Tests.Emulation;

/// <summary>ILGPU's view of device memory on the host: an access outside the view, or to freed memory, throws.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal readonly unsafe struct ArrayView<T>
    where T : unmanaged
{
    private readonly EmulatedMemory memory;
    private readonly long firstByte;

    /// <summary>Views a part of a block of memory.</summary>
    public ArrayView(EmulatedMemory memory, long firstByte, long length)
    {
        this.memory = memory;
        this.firstByte = firstByte;
        Length = length;
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>One element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the view.</exception>
    public ref T this[int index] => ref this[(long)index];

    /// <summary>One element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the view.</exception>
    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)Length)
            {
                ThrowOutside(index);
            }

            return ref ((T*)(memory.Pointer + firstByte))[index];
        }
    }

    /// <summary>A part of this view.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches beyond this view.</exception>
    public ArrayView<T> SubView(long index, long length)
    {
        if (index < 0 || length < 0 || index + length > Length)
        {
            ThrowOutside(index + length - 1);
        }

        return new ArrayView<T>(memory, firstByte + (index * sizeof(T)), length);
    }

    /// <summary>The first element's place in this process.</summary>
    public ulong Address => (ulong)(memory.Pointer + firstByte);

    /// <summary>The same memory as elements of another type; a rest that fills no element is left out.</summary>
    public ArrayView<TOther> Cast<TOther>()
        where TOther : unmanaged => new(memory, firstByte, Length * sizeof(T) / sizeof(TOther));

    private void ThrowOutside(long index) => throw new ArgumentOutOfRangeException(
        nameof(index), 
        $"Element {index} of a view of {Length} {typeof(T).Name} was accessed (group {Grid.IdxX}, {Grid.IdxY}, {Grid.IdxZ}, thread {Group.IdxX}).");
}
