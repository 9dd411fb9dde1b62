using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>All that a table file says, read through every method of its reader.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Texts of each column that can be read.</param>
/// <param name="Points">Points of each representation that can be read, and their dimension.</param>
public sealed record TableContent(
    long Rows, IReadOnlyDictionary<string, string?[]> Columns, IReadOnlyDictionary<string, (float[] Points, int Dimension)> Points)
{
    private const int BlockRows = 3;

    /// <summary>Reads a file and checks what must hold for whatever it contains.</summary>
    /// <exception cref="TableFormatException">The file as a whole is refused; single columns and representations may be refused without.</exception>
    public static TableContent Read(string path)
    {
        using var file = TableFile.Open(path);
        long rows = file.Rows;
        var columns = new Dictionary<string, string?[]>(StringComparer.Ordinal);
        var points = new Dictionary<string, (float[], int)>(StringComparer.Ordinal);
        foreach (string name in file.Columns.Append(file.IdentifierColumn).OfType<string>().Distinct())
        {
            if (Try(() => file.ReadColumn(name)) is { } column)
            {
                Require(column.Name == name && column.Rows == rows, $"column '{name}' has {column.Rows} of {rows} rows");
                columns.Add(name, column.ToText());
                Require(columns[name].Length == rows, "one text per row");
                CategoryColumn categories = column.ToCategories();
                Require(categories.Rows == rows && categories.ToText().SequenceEqual(columns[name]), "categories say what the texts say");
                if (column is NumberColumn && Try(() => file.ReadPoints(PointSelection.OfColumns([name]))) is ({ } values, 1))
                {
                    Require(values.Length == rows && values.All(float.IsFinite), "one finite number per row");
                }
            }
        }

        string[] texts = [.. columns.Keys.Take(2)];
        foreach (Representation representation in file.Representations)
        {
            (float[] Points, int Dimension)? read = Try(() => file.ReadPoints(PointSelection.OfRepresentation(representation.Name)));
            if (read is not ({ } values, var dimension))
            {
                continue;
            }

            Require(dimension == representation.Dimension && values.Length == rows * dimension && values.All(float.IsFinite), "rows of finite numbers");
            points.Add(representation.Name, (values, dimension));
            using RowReader reader = file.OpenRows(PointSelection.OfRepresentation(representation.Name, 1), texts);
            long position = 0;
            while (reader.ReadBlock(BlockRows, out RowBlock? block))
            {
                Require(block.FirstRow == position && block.Rows <= BlockRows && block.Points.Length == block.Rows, "blocks follow each other");
                for (int r = 0; r < block.Rows; r++)
                {
                    Require((float)block.Points[r] == values[(position + r) * dimension], "blocks have the same numbers");
                    Require(texts.Index().All(entry => block.Columns[entry.Index][r] == columns[entry.Item][position + r]), "blocks have the same texts");
                }

                position += block.Rows;
            }

            Require(position == rows, "blocks have all rows");
        }

        _ = Try(file.NumericColumns);
        return new TableContent(rows, columns, points);
    }

    /// <summary>What is in both files is the same in both.</summary>
    public void RequireAgreement(TableContent other)
    {
        foreach ((string name, string?[] texts) in Columns)
        {
            Require(!other.Columns.TryGetValue(name, out string?[]? others) || texts.SequenceEqual(others), $"column '{name}' says something else");
        }

        foreach ((string name, (float[] values, int dimension)) in Points)
        {
            Require(
                !other.Points.TryGetValue(name, out (float[] Points, int Dimension) others) || (values.SequenceEqual(others.Points) && dimension == others.Dimension),
                $"representation '{name}' says something else");
        }
    }

    /// <summary>The result, or the default where the reader refuses.</summary>
    private static T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TableFormatException exception)
        {
            Require(exception.Message.StartsWith(exception.Path, StringComparison.Ordinal) && exception.Cause.Length > 0, "a message with file and cause");
            return default;
        }
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Violated: {what}.");
        }
    }
}
