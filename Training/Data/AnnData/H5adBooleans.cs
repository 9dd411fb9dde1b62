using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>A column of truth values, with or without a mask.</summary>
/// <param name="list">The values.</param>
/// <param name="mask">True where a value is missing; null for none.</param>
internal sealed class H5adBooleans(Hdf5Dataset list, Hdf5Dataset? mask) : ColumnSource
{
    /// <inheritdoc/>
    public override long Rows => list.Shape[0];

    /// <inheritdoc/>
    public override TableColumn Read(string name) => ReadColumn(name, 0, checked((int)Rows));

    /// <inheritdoc/>
    public override string?[] ReadText(long first, int count) => ReadColumn("values", first, count).ToText();

    /// <inheritdoc/>
    public override void Dispose()
    {
        list.Dispose();
        mask?.Dispose();
    }

    private BooleanColumn ReadColumn(string name, long first, int count)
    {
        bool[] values = list.ReadBoolean(first, count);
        bool[]? missing = mask?.ReadBoolean(first, count);
        return new BooleanColumn(name, [.. values.Select((value, r) => missing is not null && missing[r] ? (bool?)null : value)]);
    }
}
