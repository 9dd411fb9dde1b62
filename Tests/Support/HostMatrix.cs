namespace FlowRatio.Tests.Support;

/// <summary>A stack of row-major matrices on the host, segment after segment: what a test puts into a backend.</summary>
/// <param name="Segments">Stacked matrices.</param>
/// <param name="Rows">Rows per segment.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">Segments x Rows x Columns values.</param>
public sealed record HostMatrix(int Segments, int Rows, int Columns, float[] Values)
{
    /// <summary>Magnitudes: operands for the sum of |terms| that an error bound needs.</summary>
    public HostMatrix Magnitudes => Map(Math.Abs);

    /// <summary>One element.</summary>
    public float this[int segment, int row, int column] => Values[(((segment * Rows) + row) * Columns) + column];

    /// <summary>Some of the rows of every segment.</summary>
    public HostMatrix SliceRows(int first, int count) => this with
    {
        Rows = count,
        Values = [.. Enumerable.Range(0, Segments).SelectMany(
            s => Values.Skip(((s * Rows) + first) * Columns).Take(count * Columns))],
    };

    /// <summary>Every element through a function.</summary>
    public HostMatrix Map(Func<float, float> function) => this with { Values = [.. Values.Select(function)] };
}
