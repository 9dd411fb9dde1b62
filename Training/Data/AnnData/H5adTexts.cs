using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>A column of texts, with or without a mask.</summary>
/// <param name="list">The texts.</param>
/// <param name="mask">True where a value is missing; null for none.</param>
internal sealed class H5adTexts(Hdf5Dataset list, Hdf5Dataset? mask) : ColumnSource
{
    /// <inheritdoc/>
    public override long Rows => list.Shape[0];

    /// <inheritdoc/>
    public override TableColumn Read(string name) => CategoryColumn.FromText(name, ReadText(0, checked((int)Rows)));

    /// <inheritdoc/>
    public override string?[] ReadText(long first, int count)
    {
        string?[] texts = list.ReadText(first, count);
        if (mask is not null)
        {
            bool[] missing = mask.ReadBoolean(first, count);
            for (int r = 0; r < count; r++)
            {
                texts[r] = missing[r] ? null : texts[r];
            }
        }

        return texts;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        list.Dispose();
        mask?.Dispose();
    }
}
