using FlowRatio.Training.Data;

namespace FlowRatio.Cli.Runs;

/// <summary>What is told about values far outside of the others.</summary>
internal static class FarValueNotes
{
    private const int MostNamed = 3;

    /// <summary>One line per coordinate with such values, the furthest first; the rest in one more.</summary>
    /// <param name="set">The rows.</param>
    /// <param name="nameOf">Name of a coordinate.</param>
    /// <param name="rowOf">Number of a row in the file, from 1.</param>
    /// <param name="isScaled">Whether the training scales coordinates, and so limits such values.</param>
    public static IEnumerable<string> Of(TrainingSet set, Func<int, string> nameOf, Func<int, long> rowOf, bool isScaled)
    {
        var coordinates = FarValues.Of(set).GroupBy(far => far.Coordinate).OrderByDescending(group => group.Max(far => far.Deviations)).ToArray();
        foreach (var group in coordinates.Take(MostNamed))
        {
            var furthest = group.OrderByDescending(far => far.Deviations).Take(MostNamed).ToArray();
            string rows = string.Join(", ", furthest.Select(far => $"row {rowOf(far.Row)} is {far.Value:G6} ({far.Deviations:#,0} deviations from the mean)"));
            string more = group.Count() > furthest.Length ? $" and {group.Count() - furthest.Length:#,0} rows more are far outside" : "";
            string counts = isScaled ? $"training counts that as {FarValues.Limit:0} deviations" : "training takes that as it is";
            yield return $"{nameOf(group.Key)}: {rows}{more}; {counts}. Remove or transform what is no real value.";
        }

        foreach ((int coordinate, double low, double high, int row, double value) in FarValues.Squeezed(set).Take(MostNamed))
        {
            yield return $"{nameOf(coordinate)}: half of all rows lie between {low:G6} and {high:G6}, a hundredth of its scale; row {rowOf(row)} is {value:G6}. "
                + "Is that a code for missing values?";
        }

        if (coordinates.Length > MostNamed)
        {
            yield return $"{coordinates.Length - MostNamed:#,0} more coordinates have values beyond {FarValues.Limit:0} deviations.";
        }
    }
}
