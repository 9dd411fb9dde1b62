using System.Globalization;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.Numpy;

/// <summary>A one-dimensional array of text, numbers or truth values.</summary>
/// <param name="bytes">The array, which is closed with this.</param>
/// <param name="header">Its header.</param>
internal sealed class NpyColumn(ByteSource bytes, NpyHeader header) : ColumnSource
{
    // Beyond this, whole numbers are not float64 any more; they are labels then.
    private const long LargestExact = 1L << 53;
    private const int BlockRows = 1 << 14;

    /// <inheritdoc/>
    public override long Rows => header.Shape[0];

    /// <inheritdoc/>
    public override bool IsNumeric => header.Type.Kind is 'f' or 'i' or 'u';

    private NumberStorage Storage => header.Type.IsWhole
        ? NumberStorage.Whole
        : header.Type.Bytes <= sizeof(float) ? NumberStorage.Real32 : NumberStorage.Real64;

    /// <inheritdoc/>
    public override TableColumn Read(string name)
    {
        int rows = checked((int)Rows);
        if (header.Type.Kind == 'b')
        {
            return new BooleanColumn(name, Convert(0, rows, element => (bool?)NpyDecoder.ToBoolean(element)));
        }

        if (header.Type.IsText)
        {
            return CategoryColumn.FromText(name, ReadText(0, rows));
        }

        bool isLabel = false;
        double[] values = Convert(0, rows, element =>
        {
            isLabel |= header.Type.IsWhole && Int128.Abs(NpyDecoder.ToWhole(element, header.Type)) > LargestExact;
            return NpyDecoder.ToDouble(element, header.Type);
        });
        return isLabel ? CategoryColumn.FromText(name, ReadText(0, rows)) : new NumberColumn(name, values, Storage);
    }

    /// <inheritdoc/>
    public override string?[] ReadText(long first, int count) => Convert(first, count, element => header.Type.Kind switch
    {
        'U' or 'S' => NpyDecoder.ToText(element, header.Type),
        'b' => NpyDecoder.ToBoolean(element) ? bool.TrueString : bool.FalseString,
        'f' => NumberColumn.Format(NpyDecoder.ToDouble(element, header.Type), Storage),
        _ => NpyDecoder.ToWhole(element, header.Type).ToString(CultureInfo.InvariantCulture),
    });

    /// <inheritdoc/>
    public override double[] ReadNumbers(long first, int count) => Convert(first, count, element => NpyDecoder.ToDouble(element, header.Type));

    /// <inheritdoc/>
    public override void Dispose() => bytes.Dispose();

    private T[] Convert<T>(long first, int count, Element<T> convert)
    {
        int size = header.Type.Bytes;
        T[] result = new T[count];
        int blockRows = Math.Clamp(Array.MaxLength / size, 1, BlockRows);
        byte[] buffer = new byte[Math.Min(count, blockRows) * size];
        for (int done = 0; done < count; done += blockRows)
        {
            int rows = Math.Min(blockRows, count - done);
            Span<byte> block = buffer.AsSpan(0, rows * size);
            bytes.Read(header.DataOffset + ((first + done) * size), block);
            for (int r = 0; r < rows; r++)
            {
                result[done + r] = convert(block.Slice(r * size, size));
            }
        }

        return result;
    }

    private delegate T Element<out T>(ReadOnlySpan<byte> bytes);
}
