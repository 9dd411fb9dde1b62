using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Data;

/// <summary>Points and, per covariate, the category of each; checked once, here.</summary>
public sealed class TrainingSet
{
    private readonly float[] points;
    private readonly double[] origin;
    private readonly int[][] categories;
    private readonly double[][] continuous;
    private readonly ContinuousLevels[] levels;
    private RowCopies? copies;

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

    /// <summary>Creates a data set of points in double precision, of which coordinates with a large common offset keep their digits.</summary>
    /// <param name="points">The points.</param>
    /// <param name="vocabulary">Names of covariates and categories.</param>
    /// <param name="categories">Per covariate the category of every row; <see cref="Condition.Dropped"/> where unknown.</param>
    /// <exception cref="ArgumentException">As for the other constructors.</exception>
    public TrainingSet(CenteredPoints points, ConditionVocabulary vocabulary, params IReadOnlyList<IReadOnlyList<int>> categories)
        : this(points.Values, points.Dimension, vocabulary, categories, [], points.Origin)
    {
    }

    /// <summary>Creates a data set with continuous covariates.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">Dimension d.</param>
    /// <param name="vocabulary">Names of covariates and categories.</param>
    /// <param name="categories">Per categorical covariate the category of every row; <see cref="Condition.Dropped"/> where unknown.</param>
    /// <param name="continuous">Per continuous covariate the value of every row in its own units; NaN where unknown.</param>
    /// <param name="origin">What was taken from each coordinate before (<see cref="CenteredPoints"/>); empty for nothing.</param>
    /// <exception cref="ArgumentException">No rows, an infinite value, lengths that do not fit, or a category out of range.</exception>
    public TrainingSet(
        ReadOnlySpan<float> points,
        int dimension,
        ConditionVocabulary vocabulary,
        IReadOnlyList<IReadOnlyList<int>> categories,
        IReadOnlyList<IReadOnlyList<double>> continuous,
        ReadOnlySpan<double> origin = default)
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

        if (!origin.IsEmpty && origin.Length != dimension)
        {
            throw new ArgumentException($"origin has {origin.Length} values; one per coordinate, {dimension}, is needed.", nameof(origin));
        }

        Rows = points.Length / dimension;
        Dimension = dimension;
        Vocabulary = vocabulary;
        this.points = points.ToArray();
        this.origin = origin.IsEmpty ? new double[dimension] : origin.ToArray();
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

    /// <summary>Row-major <c>[rows, dimension]</c>, without the <see cref="Origin"/>.</summary>
    public ReadOnlySpan<float> Points => points;

    /// <summary>What was taken from each coordinate, as float32 would lose digits with it; zeros ordinarily.</summary>
    public ReadOnlySpan<double> Origin => origin;

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
    /// <remarks>Once they are known, copies stay those of these points: a split is the same before and behind a projection.</remarks>
    public TrainingSet WithPoints(ReadOnlySpan<float> moved, int dimension) =>
        new(moved, dimension, Vocabulary, categories, continuous) { copies = copies };

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

    /// <summary>Which rows are copies of others.</summary>
    public RowCopies Copies => copies ??= RowCopies.Of(points, Dimension);

    /// <summary>The points in the data's units, row-major <c>[rows, dimension]</c>: what estimators take.</summary>
    public double[] ToUnits()
    {
        double[] all = new double[points.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = origin[i % Dimension] + points[i];
        }

        return all;
    }

    /// <summary>The map into a network's coordinates, fitted to these rows; null where coordinates stay as they are.</summary>
    /// <param name="standardize">Whether coordinates are scaled; otherwise only what float32 could not hold is taken from them.</param>
    public Standardization? FitMap(bool standardize) =>
        standardize ? Standardization.Fit(Points, Dimension, origin)
        : Array.TrueForAll(origin, value => value == 0) ? null
        : new Standardization(origin, Enumerable.Repeat(1.0, Dimension).ToArray());

    /// <summary>
    /// The same rows in a network's coordinates, as it is trained on them: where the map scales, values far outside of the others count as
    /// <see cref="FarValues.Limit"/> deviations. Without a map the set itself.
    /// </summary>
    /// <param name="map">The map, or null.</param>
    public TrainingSet Transform(Standardization? map)
    {
        if (map is null)
        {
            return this;
        }

        float[] mapped = new float[points.Length];
        map.Apply(Points, mapped, origin);
        return WithPoints(map.IsShift ? mapped : FarValues.Limited(mapped), Dimension);
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
            [.. continuous.Select(column => rows.Select(r => column[r]).ToArray())],
            origin);
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
