using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>A column of numbers of any width, with or without a mask.</summary>
/// <param name="list">The numbers.</param>
/// <param name="mask">True where a value is missing; null for none.</param>
internal sealed class H5adNumbers(Hdf5Dataset list, Hdf5Dataset? mask) : ColumnSource
{
    // Beyond this, whole numbers are not float64 any more; they are labels then.
    private const long LargestExact = 1L << 53;

    /// <inheritdoc/>
    public override long Rows => list.Shape[0];

    /// <inheritdoc/>
    public override bool IsNumeric => true;

    private NumberStorage Storage => list.Class == Hdf5Class.Integer
        ? NumberStorage.Whole
        : list.ElementBytes <= sizeof(float) ? NumberStorage.Real32 : NumberStorage.Real64;

    /// <inheritdoc/>
    public override TableColumn Read(string name)
    {
        int rows = checked((int)Rows);
        if (Storage == NumberStorage.Whole && Array.Exists(list.ReadInt64([0], [rows]), value => value is > LargestExact or < -LargestExact))
        {
            return CategoryColumn.FromText(name, ReadText(0, rows));
        }

        return new NumberColumn(name, ReadNumbers(0, rows), Storage);
    }

    /// <inheritdoc/>
    public override string?[] ReadText(long first, int count)
    {
        if (Storage != NumberStorage.Whole)
        {
            return Array.ConvertAll(ReadNumbers(first, count), value => NumberColumn.Format(value, Storage));
        }

        bool[] missing = ReadMask(first, count);
        long[] values = list.ReadInt64([first], [count]);
        string?[] texts = new string?[count];
        for (int r = 0; r < count; r++)
        {
            texts[r] = missing[r] ? null : H5adColumn.Format(values[r]);
        }

        return texts;
    }

    /// <inheritdoc/>
    public override double[] ReadNumbers(long first, int count)
    {
        double[] values = list.ReadDouble([first], [count]);
        bool[] missing = ReadMask(first, count);
        for (int r = 0; r < count; r++)
        {
            values[r] = missing[r] ? double.NaN : values[r];
        }

        return values;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        list.Dispose();
        mask?.Dispose();
    }

    private bool[] ReadMask(long first, int count) => mask?.ReadBoolean(first, count) ?? new bool[count];
}
