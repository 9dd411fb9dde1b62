using System.Globalization;
using System.Text;

namespace FlowRatio.Training.Data.Tables;

/// <summary>Passes once over the fields of a column for its <see cref="ColumnSurvey"/>.</summary>
/// <param name="name">Name of the column.</param>
/// <param name="numbers">How numbers are written.</param>
internal sealed class ColumnScan(string name, NumberText numbers)
{
    private const int BlockRows = 1 << 16;

    private readonly RowNumberTest rowNumbers = new();
    private long rows;
    private long numeric;
    private long missing;
    private long numberLike;
    private long respelled;
    private long otherMarks;
    private bool mayBeGrouped = true;
    private TableField? firstBad;
    private TableField? firstOtherMark;
    private TableField? firstMark;

    /// <summary>Looks at a column that can be read in parts.</summary>
    public static ColumnSurvey Of(string name, ColumnSource column)
    {
        var scan = new ColumnScan(name, NumberText.Point);
        for (long first = 0; first < column.Rows; first += BlockRows)
        {
            int count = (int)Math.Min(BlockRows, column.Rows - first);
            if (column.IsNumeric)
            {
                foreach (double value in column.ReadNumbers(first, count))
                {
                    scan.Add(value);
                }

                continue;
            }

            foreach (string? text in column.ReadText(first, count))
            {
                scan.Add(Encoding.UTF8.GetBytes(text ?? string.Empty));
            }
        }

        return scan.Result(isStoredAsText: !column.IsNumeric);
    }

    /// <summary>Takes the next field, in UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> field)
    {
        rows++;
        if (numbers.TryParse(field, out double value))
        {
            numeric++;
            rowNumbers.Add(value);
            firstMark ??= numbers.HasMark(field) ? new TableField(rows, Encoding.UTF8.GetString(field)) : null;
            return;
        }

        if (MissingText.Is(field))
        {
            missing++;
        }
        else
        {
            AddOther(field);
        }

        firstBad ??= Bad(field);
    }

    /// <summary>Takes the next field of a column that the file holds as numbers.</summary>
    public void Add(double value)
    {
        rows++;
        if (float.IsFinite((float)value))
        {
            numeric++;
            rowNumbers.Add(value);
            return;
        }

        missing += double.IsNaN(value) ? 1 : 0;
        string text = value.ToString(CultureInfo.InvariantCulture);
        firstBad ??= new TableField(rows, text, $"{text} is not a finite number{(double.IsFinite(value) ? NumberText.TooLarge : string.Empty)}");
    }

    /// <summary>What was seen.</summary>
    /// <param name="isStoredAsText">Whether the file holds the column as text.</param>
    public ColumnSurvey Result(bool isStoredAsText = false) => new()
    {
        Name = name,
        Rows = rows,
        Numbers = numeric,
        Missing = missing,
        NumberLike = numberLike,
        Respelled = respelled,
        OtherMarks = otherMarks,
        MayBeGrouped = otherMarks > 0 && mayBeGrouped,
        IsStoredAsText = isStoredAsText,
        IsDistinctWhole = numeric == rows && rowNumbers.IsDistinct,
        NumbersRows = numeric == rows && rowNumbers.NumbersRows,
        FirstBad = firstBad,
        FirstOtherMark = firstOtherMark,
        FirstMark = firstMark,
    };

    private void AddOther(ReadOnlySpan<byte> field)
    {
        NumberSpelling spelling = numbers.SpellingOf(field);
        bool hasOtherMark = spelling is NumberSpelling.OtherMark or NumberSpelling.GroupedOrOtherMark;
        numberLike += spelling == NumberSpelling.None ? 0 : 1;
        respelled += hasOtherMark || spelling == NumberSpelling.Grouped ? 1 : 0;
        otherMarks += hasOtherMark ? 1 : 0;
        mayBeGrouped &= spelling != NumberSpelling.OtherMark;
        firstOtherMark ??= hasOtherMark ? Bad(field) : null;
    }

    private TableField Bad(ReadOnlySpan<byte> field) => new(rows, Encoding.UTF8.GetString(field), numbers.Describe(field), numbers.Remedy(field));
}
