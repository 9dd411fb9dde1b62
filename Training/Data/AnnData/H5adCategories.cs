using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>A categorical column: a code per row.</summary>
/// <param name="codes">The codes, -1 where a value is missing.</param>
/// <param name="categories">The categories, all different.</param>
internal sealed class H5adCategories(Hdf5Dataset codes, string[] categories) : ColumnSource
{
    /// <inheritdoc/>
    public override long Rows => codes.Shape.Length == 1 ? codes.Shape[0] : throw new Hdf5Exception($"{codes.Location} is no list of codes");

    /// <inheritdoc/>
    public override TableColumn Read(string name) => new CategoryColumn(name, categories, ReadCodes(0, checked((int)Rows)));

    /// <inheritdoc/>
    public override string?[] ReadText(long first, int count) =>
        Array.ConvertAll(ReadCodes(first, count), code => code == CategoryColumn.Missing ? null : categories[code]);

    /// <inheritdoc/>
    public override void Dispose() => codes.Dispose();

    private int[] ReadCodes(long first, int count)
    {
        long[] values = codes.ReadInt64([first], [count]);
        int[] checkedCodes = new int[count];
        for (int r = 0; r < count; r++)
        {
            if (values[r] < CategoryColumn.Missing || values[r] >= categories.Length)
            {
                throw new Hdf5Exception($"{codes.Location} has the code {values[r]} in row {first + r + 1}; there are {categories.Length} categories");
            }

            checkedCodes[r] = (int)values[r];
        }

        return checkedCodes;
    }
}
