using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>The rows of a file as a training needs them.</summary>
/// <param name="Set">Points and categories of the rows in which every covariate is there.</param>
/// <param name="Selection">Where the coordinates are.</param>
/// <param name="RowsLeftOut">Rows in which a covariate is missing.</param>
/// <param name="Digest">Digest of the coordinates of all rows.</param>
internal sealed record TrainingTable(TrainingSet Set, PointSelection Selection, int RowsLeftOut, string Digest)
{
    private const int MostCategories = 1000;

    /// <summary>Numbers of the file's rows that the set has, in ascending order.</summary>
    public IReadOnlyList<int> UsedRows { get; init; } = [.. Enumerable.Range(0, Set.Rows)];

    /// <summary>Projection of the file's coordinates; null for none.</summary>
    public PrincipalComponents? Components { get; init; }

    /// <summary>Name of a coordinate of the set.</summary>
    /// <param name="coordinate">Its number.</param>
    public string NameOf(int coordinate) => Components is not null ? $"principal component {coordinate + 1}"
        : Selection.Columns is { } columns ? columns[coordinate] : $"{Selection.Representation}, coordinate {coordinate + 1}";

    /// <summary>The table behind a projection on principal components, which are those of the rows that are not held out.</summary>
    /// <param name="components">How many.</param>
    /// <param name="heldOut">Share of the rows that the training holds out.</param>
    /// <param name="seed">Seed of the training.</param>
    public TrainingTable Project(int components, double heldOut, ulong seed)
    {
        if (components >= Set.Rows || components > Set.Dimension)
        {
            throw new ArgumentException($"--pca is {components}; {Set.Rows:#,0} rows with {Set.Dimension} coordinates have at most {Math.Min(Set.Rows - 1, Set.Dimension)}.");
        }

        // The kept rows are not neighbours; they are gathered block by block, so that there is no second copy of the table.
        var fit = new PrincipalComponentsFit(Set.Dimension);
        float[] block = new float[PrincipalComponentsFit.BlockRows * Set.Dimension];
        foreach (int[] rows in RowSplit.Create(Set, heldOut, seed).Kept.Chunk(PrincipalComponentsFit.BlockRows))
        {
            foreach ((int position, int row) in rows.Index())
            {
                Set.Points.Slice(row * Set.Dimension, Set.Dimension).CopyTo(block.AsSpan(position * Set.Dimension));
            }

            fit.Add(block.AsSpan(0, rows.Length * Set.Dimension));
        }

        PrincipalComponents projection = fit.Fit(components);
        float[] points = new float[Set.Rows * components];
        projection.Apply(Set.Points, points);
        return this with { Set = Set.WithPoints(points, components), Components = projection.From(Set.Origin) };
    }

    /// <summary>Reads a file.</summary>
    /// <param name="table">The file.</param>
    /// <param name="covariates">Names of the columns with categories.</param>
    /// <param name="continuous">Names of the columns with numbers that are conditions.</param>
    /// <param name="selection">The coordinates.</param>
    public static TrainingTable Read(TableFile table, IReadOnlyList<string> covariates, IReadOnlyList<string> continuous, PointSelection selection)
    {
        IReadOnlyList<TableColumn> read = table.ReadColumns([.. covariates, .. continuous]);
        CategoryColumn[] columns = [.. read.Take(covariates.Count).Select(column => column.ToCategories())];
        NumberColumn[] numbers = [.. read.Skip(covariates.Count).Select(column => column as NumberColumn
            ?? throw new ArgumentException($"--continuous: column '{column.Name}' of {table.Path} does not hold numbers{NotNumbers(table, column.Name)}; as categories it goes to --conditions."))];
        foreach (CategoryColumn column in columns)
        {
            int distinct = column.Count().Count(count => count > 0);
            if (distinct > Math.Min(MostCategories, Math.Max(column.Rows / 2, 2)))
            {
                throw new ArgumentException(
                    $"--conditions: column '{column.Name}' has {distinct:#,0} different values in {column.Rows:#,0} rows; a covariate names groups of rows.");
            }
        }

        using var digest = new RowDigest();
        (float[] points, int dimension, double[] origin) = table.ReadCentered(selection, digest);
        int rows = points.Length / dimension;
        if (rows == 0)
        {
            throw new ArgumentException($"{table.Path} has no rows.");
        }

        int[] kept = [.. Enumerable.Range(0, rows).Where(r => Array.TrueForAll(columns, column => column.Codes[r] != CategoryColumn.Missing)
            && Array.TrueForAll(numbers, column => double.IsFinite(column.Values[r])))];
        if (kept.Length == 0)
        {
            throw new ArgumentException($"{table.Path}: every row lacks a value of {string.Join(" or ", [.. covariates, .. continuous])}; nothing is left to train on.");
        }

        (CovariateVocabulary Vocabulary, int[] Codes)[] used = [.. columns.Select(column => Used(column, kept))];
        double[][] values = [.. numbers.Select(column => kept.Select(r => column.Values[r]).ToArray())];
        var set = new TrainingSet(
            kept.Length == rows ? points : Rows(points, dimension, kept),
            dimension,
            new ConditionVocabulary(
                [.. used.Select(entry => entry.Vocabulary)], [.. values.Select((column, i) => ContinuousCovariate.Of(continuous[i], column))]),
            [.. used.Select(entry => entry.Codes)],
            values,
            origin);
        return new TrainingTable(set, selection, rows - kept.Length, digest.Take()) { UsedRows = kept };
    }

    /// <summary>The first field that is no number, for a column that looks like some.</summary>
    private static string NotNumbers(TableFile table, string column) =>
        table.Survey([column])[0] is { FirstBad: { } bad, Numbers: var numbers, NumberLike: var alike } && numbers + alike > 0
            ? $" alone: row {bad.Row}: {bad.Trouble}{bad.Remedy}"
            : string.Empty;

    /// <summary>A covariate without the categories that no row has.</summary>
    private static (CovariateVocabulary Vocabulary, int[] Codes) Used(CategoryColumn column, int[] rows)
    {
        long[] counts = new long[column.Categories.Count];
        foreach (int r in rows)
        {
            counts[column.Codes[r]]++;
        }

        int[] present = [.. Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0)];
        int[] number = new int[counts.Length];
        foreach ((int position, int code) in present.Index())
        {
            number[code] = position;
        }

        var vocabulary = new CovariateVocabulary(
            column.Name, present.Select(code => column.Categories[code]), present.Select(code => counts[code]));
        int[] codes = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            codes[i] = number[column.Codes[rows[i]]];
        }

        return (vocabulary, codes);
    }

    private static float[] Rows(float[] points, int dimension, int[] rows)
    {
        float[] kept = new float[rows.Length * dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            points.AsSpan(rows[i] * dimension, dimension).CopyTo(kept.AsSpan(i * dimension));
        }

        return kept;
    }
}
