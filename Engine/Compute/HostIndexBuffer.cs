namespace FlowRatio.Engine.Compute;

/// <summary>An <see cref="IndexBuffer"/> in managed memory, for backends that compute on the host.</summary>
internal sealed class HostIndexBuffer(int capacity) : IndexBuffer(capacity)
{
    private readonly int[] values = new int[capacity];

    /// <summary>The entries in use.</summary>
    public Span<int> Values => values.AsSpan(0, Length);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<int> source) => source.CopyTo(Require(source.Length));

    /// <inheritdoc/>
    public override void Read(Span<int> destination) => Require(destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Fill(int value) => Values.Fill(value);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private Span<int> Require(int length) => length == Length
        ? Values
        : throw new ArgumentException($"{length} elements given; the buffer has {Length}.");
}
