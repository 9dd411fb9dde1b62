using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Data;

/// <summary>Points and, per covariate, the category of each; checked once, here.</summary>
public sealed class TrainingSet
{
    private readonly float[] points;
    private readonly int[][] categories;
    private readonly double[][] continuous;
    private readonly ContinuousLevels[] levels;

    /// <summary>Creates a data set.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">Dimension d.</param>
    /// <param name="vocabulary">Names of covariates and categories.</param>
    /// <param name="categories">Per covariate the category of every row; <see cref="Condition.Dropped"/> where unknown.</param>
    /// <exception cref="ArgumentException">No rows, a non-finite value, lengths that do not fit, or a category out of range.</exception>
    public TrainingSet(
        ReadOnlySpan<float> points, int dimension, ConditionVocabulary vocabulary, params IReadOnlyList<IReadOnlyList<int>> categories)
        : this(points, dimension, vocabulary, categories, [])
    {
    }

    /// <summary>Creates a data set with continuous covariates.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">Dimension d.</param>
    /// <param name="vocabulary">Names of covariates and categories.</param>
    /// <param name="categories">Per categorical covariate the category of every row; <see cref="Condition.Dropped"/> where unknown.</param>
    /// <param name="continuous">Per continuous covariate the value of every row in its own units; NaN where unknown.</param>
    /// <exception cref="ArgumentException">No rows, an infinite value, lengths that do not fit, or a category out of range.</exception>
    public TrainingSet(
        ReadOnlySpan<float> points,
        int dimension,
        ConditionVocabulary vocabulary,
        IReadOnlyList<IReadOnlyList<int>> categories,
        IReadOnlyList<IReadOnlyList<double>> continuous)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(continuous);
        if (points.IsEmpty || points.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"points has {points.Length} values; a positive multiple of the dimension {dimension} is needed.", nameof(points));
        }

        for (int i = 0; i < points.Length; i++)
        {
            if (!float.IsFinite(points[i]))
            {
                throw new ArgumentException(
                    $"points has the value {points[i]} in row {i / dimension}, column {i % dimension}; remove or impute such rows.",
                    nameof(points));
            }
        }

        Rows = points.Length / dimension;
        Dimension = dimension;
        Vocabulary = vocabulary;
        this.points = points.ToArray();
        this.categories = [.. categories.Select(column => column.ToArray())];
        this.continuous = [.. continuous.Select(column => column.ToArray())];
        RequireCategories();
        RequireContinuous();
        levels = [.. this.continuous.Select((column, i) => ContinuousLevels.Of(vocabulary.Continuous[i], column))];
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Dimension d.</summary>
    public int Dimension { get; }

    /// <summary>Names of covariates and categories.</summary>
    public ConditionVocabulary Vocabulary { get; }

    /// <summary>Row-major <c>[rows, dimension]</c>.</summary>
    public ReadOnlySpan<float> Points => points;

    /// <summary>Categories of one covariate, one per row; of a continuous covariate, which come last, the numbers of its <see cref="Levels"/>.</summary>
    /// <param name="covariate">Number of the covariate.</param>
    public ReadOnlySpan<int> Categories(int covariate) =>
        covariate < categories.Length ? categories[covariate] : levels[covariate - categories.Length].Codes;

    /// <summary>Levels of the continuous covariates: their different values, standardised.</summary>
    public IReadOnlyList<IReadOnlyList<float>> Levels => [.. levels.Select(level => level.Values)];

    /// <summary>Values of a continuous covariate, one per row.</summary>
    /// <param name="covariate">Its number among the continuous ones.</param>
    public ReadOnlySpan<double> Continuous(int covariate) => continuous[covariate];

    /// <summary>The same rows at other points.</summary>
    /// <param name="moved">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">Their dimension.</param>
    public TrainingSet WithPoints(ReadOnlySpan<float> moved, int dimension) => new(moved, dimension, Vocabulary, categories, continuous);

    /// <summary>A data set of two classes under one covariate, as in the Gaussian experiments.</summary>
    /// <param name="covariate">Name of the covariate.</param>
    /// <param name="dimension">Dimension d.</param>
    /// <param name="classes">Name and points of each category.</param>
    public static TrainingSet FromClasses(string covariate, int dimension, params IReadOnlyList<(string Category, float[] Points)> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        foreach ((string category, float[] points) in classes)
        {
            if (points is null || points.Length == 0 || points.Length % dimension != 0)
            {
                throw new ArgumentException(
                    $"Class '{category}' has {points?.Length ?? 0} values; a positive multiple of the dimension {dimension} is needed.",
                    nameof(classes));
            }
        }

        float[] all = [.. classes.SelectMany(entry => entry.Points)];
        int[] column = [.. classes.SelectMany((entry, index) => Enumerable.Repeat(index, entry.Points.Length / dimension))];
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary(covariate, classes.Select(entry => entry.Category)));
        return new TrainingSet(all, dimension, vocabulary, [column]);
    }

    /// <summary>The same rows in standardised coordinates; without a map the set itself.</summary>
    /// <param name="map">The map, or null.</param>
    public TrainingSet Transform(Standardization? map)
    {
        if (map is null)
        {
            return this;
        }

        float[] mapped = new float[points.Length];
        map.Apply(points, mapped);
        return WithPoints(mapped, Dimension);
    }

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">Row numbers.</param>
    public TrainingSet Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        float[] selected = new float[rows.Count * Dimension];
        for (int r = 0; r < rows.Count; r++)
        {
            Points.Slice(rows[r] * Dimension, Dimension).CopyTo(selected.AsSpan(r * Dimension));
        }

        return new TrainingSet(
            selected,
            Dimension,
            Vocabulary,
            [.. categories.Select(column => rows.Select(r => column[r]).ToArray())],
            [.. continuous.Select(column => rows.Select(r => column[r]).ToArray())]);
    }

    private void RequireCategories()
    {
        int[] sizes = [.. Vocabulary.Covariates.Select(covariate => covariate.Categories.Length)];
        if (categories.Length != sizes.Length)
        {
            throw new ArgumentException($"categories has {categories.Length} columns; the vocabulary has {sizes.Length} covariates.");
        }

        for (int i = 0; i < categories.Length; i++)
        {
            string name = Vocabulary.Covariates[i].Name;
            if (categories[i].Length != Rows)
            {
                throw new ArgumentException($"categories of '{name}' has {categories[i].Length} rows; there are {Rows} points.");
            }

            for (int r = 0; r < Rows; r++)
            {
                if (categories[i][r] < Condition.Dropped || categories[i][r] >= sizes[i])
                {
                    throw new ArgumentException(
                        $"categories of '{name}' has the value {categories[i][r]} in row {r}; there are {sizes[i]} categories.");
                }
            }
        }
    }

    private void RequireContinuous()
    {
        if (continuous.Length != Vocabulary.Continuous.Length)
        {
            throw new ArgumentException($"continuous has {continuous.Length} columns; the vocabulary has {Vocabulary.Continuous.Length} continuous covariates.");
        }

        for (int i = 0; i < continuous.Length; i++)
        {
            string name = Vocabulary.Continuous[i].Name;
            if (continuous[i].Length != Rows)
            {
                throw new ArgumentException($"continuous '{name}' has {continuous[i].Length} rows; there are {Rows} points.");
            }

            int infinite = Array.FindIndex(continuous[i], double.IsInfinity);
            if (infinite >= 0)
            {
                throw new ArgumentException($"continuous '{name}' has the value {continuous[i][infinite]} in row {infinite}.");
            }
        }
    }
}
