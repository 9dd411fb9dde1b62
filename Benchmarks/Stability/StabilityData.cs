using FlowRatio.Benchmarks.Experiments.Tasks;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Stability;

/// <summary>The tables of a cell, and their log-ratio of the first class to the second, which is known for all shapes.</summary>
/// <param name="cell">The cell.</param>
public sealed class StabilityData(StabilityCell cell)
{
    private const double Apart = 1.5, FarApart = 8, Outlier = 1e6, TailScale = 0.5, CountShift = 0.5;
    private const int Copies = 10, TailDegrees = 3;
    private const uint TrainingSetNumber = 0, TestSetNumber = 1;

    /// <summary>Columns of the tables.</summary>
    public int Columns => cell.Dimension + (cell.Shape is StabilityShape.ConstantColumn or StabilityShape.CollinearColumn ? 1 : 0);

    private double Shift => (cell.Shape == StabilityShape.Separated ? FarApart : Apart) / Math.Sqrt(cell.Dimension);

    /// <summary>The rows to train on.</summary>
    public TrainingSet Training()
    {
        int second = cell.Rows - cell.FirstRows;
        float[] first = Rows(cell.FirstRows, isFirst: true, TrainingSetNumber), other = Rows(second, isFirst: false, TrainingSetNumber);
        if (cell.Shape == StabilityShape.OneOutlier)
        {
            other[3 * Columns] = (float)Outlier;
        }

        return TrainingSet.FromClasses("group", Columns, ("first", first), ("second", other));
    }

    /// <summary>Other rows, half of each class, and their log-ratios.</summary>
    /// <param name="count">Rows.</param>
    public (float[] Points, double[] LogRatios) Test(int count)
    {
        float[] points = [.. Rows(count / 2, isFirst: true, TestSetNumber, copies: 1), .. Rows(count - (count / 2), isFirst: false, TestSetNumber, copies: 1)];
        return (points, [.. Enumerable.Range(0, count).Select(r => LogRatio(points.AsSpan(r * Columns, cell.Dimension)))]);
    }

    /// <summary>log p(x | first) - log p(x | second).</summary>
    private double LogRatio(ReadOnlySpan<float> point)
    {
        double sum = 0;
        for (int j = 0; j < point.Length; j++)
        {
            double x = point[j];
            sum += cell.Shape switch
            {
                StabilityShape.HeavyTails => LogTail((x - Shift) / TailScale) - LogTail(x / TailScale),
                StabilityShape.Counts => (x * CountRise()) - (CountMean(j) * (Math.Exp(CountRise()) - 1)),
                _ => (Shift * x) - (0.5 * Shift * Shift),
            };
        }

        return sum;
    }

    private static double LogTail(double z) => -0.5 * (TailDegrees + 1) * Math.Log(1 + (z * z / TailDegrees));

    private static double CountMean(int j) => (j % 4) switch { 0 => 3, 1 => 0.1, 2 => 30, _ => 1 };

    private double CountRise() => CountShift / Math.Sqrt(cell.Dimension);

    private float[] Rows(int count, bool isFirst, uint set, int? copies = null)
    {
        int each = copies ?? (cell.Shape == StabilityShape.DuplicatedRows ? Copies : 1);
        float[] rows = new float[count * Columns];
        for (int r = 0; r < count; r++)
        {
            var deviates = new DeviateSource((ulong)cell.Seed, (set * 2) + (isFirst ? 1u : 0u), (uint)(r / each));
            for (int j = 0; j < cell.Dimension; j++)
            {
                rows[(r * Columns) + j] = (float)Draw(j, isFirst, ref deviates);
            }

            if (Columns > cell.Dimension)
            {
                rows[(r * Columns) + cell.Dimension] = cell.Shape == StabilityShape.ConstantColumn ? 3 : (2 * rows[r * Columns]) + 1;
            }
        }

        return rows;
    }

    private double Draw(int j, bool isFirst, ref DeviateSource deviates)
    {
        double centre = isFirst ? Shift : 0;
        switch (cell.Shape)
        {
            case StabilityShape.HeavyTails:
                double squares = 0;
                for (int i = 0; i < TailDegrees; i++)
                {
                    double own = deviates.Normal();
                    squares += own * own;
                }

                return centre + (TailScale * deviates.Normal() / Math.Sqrt(squares / TailDegrees));
            case StabilityShape.Counts:
                // By the inverse of the distribution function.
                double mean = CountMean(j) * (isFirst ? Math.Exp(CountRise()) : 1), left = deviates.Uniform(), term = Math.Exp(-mean);
                int count = 0;
                while (left >= term && count < 1000)
                {
                    left -= term;
                    term *= mean / ++count;
                }

                return count;
            default:
                return centre + deviates.Normal();
        }
    }
}
