namespace FlowRatio.Training.Data.Tables;

/// <summary>
/// Whether the values of a column number the rows, whole or filtered, in order or shuffled: whole numbers, all different, that grow from row to row,
/// or that are 0 to n - 1 or 1 to n, or that lie in a range in which values of chance would have met.
/// </summary>
internal sealed class RowNumberTest
{
    // Fewer rows grow by chance too often.
    private const int FewestRows = 5;

    // Of so many rows the different values are kept; they tell as well as all.
    private const int MostKept = 1 << 20;

    // Expected meetings of values of chance; none at all has a probability of exp(-20) then.
    private const double Meetings = 20;

    private const double LargestExact = 1L << 53;

    private readonly HashSet<long> seen = [];
    private bool isDistinct = true;
    private bool isGrowing = true;
    private long count;
    private long previous;
    private long smallest = long.MaxValue;
    private long largest = long.MinValue;

    /// <summary>Whether the values are whole numbers, all different.</summary>
    public bool IsDistinct => isDistinct && count >= FewestRows;

    /// <summary>Whether they number the rows.</summary>
    public bool NumbersRows
    {
        get
        {
            if (!IsDistinct)
            {
                return false;
            }

            double range = (double)largest - smallest + 1, kept = Math.Min(count, MostKept);
            bool isExact = smallest is 0 or 1 && range.Equals((double)count);
            return isGrowing || isExact || kept * (kept - 1) / (2 * range) >= Meetings;
        }
    }

    /// <summary>Takes the next row's value, which is finite.</summary>
    public void Add(double value)
    {
        count++;
        if (!isDistinct)
        {
            return;
        }

        long whole = (long)value;
        if (Math.Abs(value) > LargestExact || !value.Equals((double)whole) || (seen.Count < MostKept && !seen.Add(whole)))
        {
            isDistinct = false;
            seen.Clear();
            seen.TrimExcess();
            return;
        }

        isGrowing &= count == 1 || whole > previous;
        previous = whole;
        smallest = Math.Min(smallest, whole);
        largest = Math.Max(largest, whole);
    }
}
