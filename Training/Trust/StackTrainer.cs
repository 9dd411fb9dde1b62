using System.Collections.Concurrent;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.Trust;

/// <summary>Fits a <see cref="RatioStack"/>: members by cross-fitting, then weights by the labels of the rows that each fit did not see.</summary>
public static class StackTrainer
{
    private const int Waves = 1000;
    private const int FewestWaves = 100;
    private const double LogitsOfWaves = 40_000;
    private const int MostClasses = 200;
    private const int MostValues = 2_000_000;
    private const int RowsOfRepeats = 6000;
    private const int MostRepeats = 8;
    private const int MostTreeRepeats = 4;
    private const int FewestHeadRows = 1000;
    private const int MostTreeClasses = 8;
    private const int FewestRows = 2 * FoldTable.Folds;
    private static readonly int[] Components = [10, 30, 60];
    private static readonly double[] LinearPenalties = [300, 30, 3], WavePenalties = [3, 0.3, 0.03], ComponentPenalties = [10, 1];

    /// <summary>Why there can be no stack for some data; null where there can.</summary>
    /// <param name="data">The data.</param>
    public static string? Obstacle(TrainingSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Vocabulary.Continuous.Length > 0)
        {
            return "conditions are numbers";
        }

        int classes = Usable(new ConditionRows(data)).Length;
        return classes < 2 ? $"fewer than two combinations of categories have {FewestRows} rows"
            : classes > MostClasses ? $"{classes:#,0} combinations of categories are more than {MostClasses}"
            : null;
    }

    /// <summary>Fits a stack.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told the share of the fits that are done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is an <see cref="Obstacle"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RatioStack Train(TrainingSet data, StackOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new StackOptions();
        options.Validate();
        if (Obstacle(data) is { } obstacle)
        {
            throw new ArgumentException($"There is no stack for these data: {obstacle}.", nameof(data));
        }

        var observed = new ConditionRows(data);
        Condition[] conditions = Usable(observed);
        (int[] rows, int[] labels) = Rows(observed, conditions, options);
        TrainingSet chosen = data.Select(rows);
        var classes = new StackClasses(conditions, [.. conditions.Select((_, c) => (long)labels.Count(label => label == c))]);
        int repeats = Math.Clamp(RowsOfRepeats / (rows.Length * (conditions.Length - 1)), 1, MostRepeats);
        FoldTable folds = FoldTable.Deal(chosen.Points, data.Dimension, labels, repeats, options.Seed);
        var map = Standardization.Fit(chosen.Points, data.Dimension);
        float[] standard = new float[chosen.Points.Length];
        map.Apply(chosen.Points, standard);
        standard = FarValues.Limited(standard);
        var points = new LabelledPoints(standard, data.Dimension, labels, conditions.Length);
        sbyte[] own = folds.Of(chosen.Points, data.Dimension);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads == 0 ? Environment.ProcessorCount : options.Threads, CancellationToken = cancellation };
        List<StackMember> members = Members(points, own, repeats, options, parallel, progress);
        var parts = new StackParts(conditions);
        double[][][] whole = [.. members.Select(member => member.Evaluate(standard, own, repeats, parallel))];
        double[][] columns = [.. whole.SelectMany(variants => variants).SelectMany(parts.Split)];
        (int Member, int Variant)[] variants =
        [
            .. whole.SelectMany((found, member) => found.SelectMany((_, variant) => Enumerable.Repeat((member, variant), parts.Count))),
        ];

        double[] logShares = classes.LogShares();
        StackWeights weights = StackWeights.Fit(columns, variants, parts.Count, labels, logShares, labels.Length / (double)folds.Digests.Count);
        double[] total = [.. Enumerable.Range(0, labels.Length).SelectMany(r => weights.Sum(columns, r))];
        var record = new StackRecord
        {
            Rows = rows.Length,
            AllRows = data.Rows,
            ClassRows = classes.Rows,
            LogLoss = StackWeights.Loss(total, 1, labels, logShares),
            ConstantLogLoss = StackWeights.Loss(total, 0, labels, logShares),
            LinearLogLoss = whole[0].Min(column => StackWeights.Loss(column, 1, labels, logShares)),
            Slope = StackFit.Run([total], labels, logShares, 0)[0],
            Weights = Enumerable.Range(0, columns.Length).Where(i => weights.Stacked[i] > 0).GroupBy(i => members[variants[i].Member].Name)
                .ToDictionary(group => group.Key, group => Math.Round(group.Sum(i => weights.Stacked[i]), 3)),
            StoredRows = members.OfType<NeighborMember>().Any() ? rows.Length : 0,
            LeftOut = [.. observed.Observed.Except(conditions).Select(condition => Name(condition, data.Vocabulary))],
        };
        return new RatioStack([.. data.Origin], map, classes, folds, members, weights, record);
    }

    private static Condition[] Usable(ConditionRows observed) =>
        [.. observed.Observed.Where(condition => !condition.Categories.Contains(Condition.Dropped) && observed[condition].Length >= FewestRows)];

    private static string Name(Condition condition, ConditionVocabulary vocabulary) => string.Join(
        ",", condition.Categories.Select((category, i) => $"{vocabulary.Covariates[i].Name}={(category < 0 ? "*" : vocabulary.Covariates[i].Categories[category])}"));

    /// <summary>The rows to fit with, ascending, and their classes.</summary>
    private static (int[] Rows, int[] Labels) Rows(ConditionRows observed, Condition[] conditions, StackOptions options)
    {
        (int Row, int Label)[] all = [.. conditions.SelectMany((condition, c) => observed[condition].Select(row => (row, c))).OrderBy(entry => entry.row)];
        int most = Math.Min(options.MostRows, MostValues / conditions.Length);
        if (all.Length > most)
        {
            bool[] isChosen = StratifiedFolds.HeldOut([.. all.Select(entry => entry.Label)], (double)most / all.Length, options.Seed);

            // Of a rare class as many as its folds need, though its share would be less.
            int[] kept = [.. conditions.Select((_, c) => all.Where((entry, i) => isChosen[i] && entry.Label == c).Count())];
            all = [.. all.Where((entry, i) => isChosen[i] || kept[entry.Label]++ < FewestRows)];
        }

        return ([.. all.Select(entry => entry.Row)], [.. all.Select(entry => entry.Label)]);
    }

    private static List<StackMember> Members(
        LabelledPoints points, sbyte[] folds, int repeats, StackOptions options, ParallelOptions parallel, IProgress<double>? progress)
    {
        int treeRepeats = points.Classes <= MostTreeClasses ? Math.Min(repeats, MostTreeRepeats) : 0;
        int headRepeats = points.Rows >= FewestHeadRows ? 1 : 0;
        int[][] seen = [.. Enumerable.Range(0, repeats * FoldTable.Folds).Select(fit => Enumerable.Range(0, points.Rows)
            .Where(r => folds[(r * repeats) + (fit / FoldTable.Folds)] != fit % FoldTable.Folds).ToArray())];
        // Regressions on waves are most of the work; it is bounded.
        double logits = (double)points.Rows * (points.Classes == 2 ? 1 : points.Classes);
        int waves = (int)Math.Clamp(Waves * LogitsOfWaves / logits, FewestWaves, Waves);
        (FeatureMap Map, double[] Penalties)[] maps =
        [
            (new CoordinateFeatures(points.Dimension), LinearPenalties),
            (new WaveFeatures(points.Dimension, waves, options.Seed), WavePenalties),
            .. Components.Select(count => ((FeatureMap)ComponentFeatures.Fit(points.Points, points.Dimension, count, options.Seed, parallel), ComponentPenalties)),
        ];
        LogitFit[] regressions = [.. maps.Select(entry =>
            new LogitFit(entry.Map.Apply(points.Points, points.Dimension, parallel), entry.Map.Count, points.Labels, points.Classes))];
        float[][][] weights = [.. maps.Select(_ => new float[seen.Length][])];
        var heads = new RatioHead[headRepeats * FoldTable.Folds];
        var trees = new BoostedTrees[treeRepeats * FoldTable.Folds];

        // Longest first, so that threads end together; each fit is computed by one thread, so results do not depend on their number.
        List<Action> fits = [];
        for (int fit = 0; fit < heads.Length; fit++)
        {
            int number = fit;
            fits.Add(() =>
            {
                using var backend = new CpuBackend(1);
                heads[number] = RatioHeadTrainer.Train(points.Select(seen[number]), options.Seed + (ulong)number, backend, parallel.CancellationToken);
            });
        }

        for (int map = 0; map < maps.Length; map++)
        {
            for (int fit = 0; fit < seen.Length; fit++)
            {
                (int m, int number) = (map, fit);
                fits.Add(() => weights[m][number] = FeatureMember.Fit(
                    regressions[m], maps[m].Map.Count, points, seen[number], maps[m].Penalties, parallel.CancellationToken));
            }
        }

        for (int fit = 0; fit < trees.Length; fit++)
        {
            int number = fit;
            fits.Add(() => trees[number] = BoostingTrainer.Train(points.Select(seen[number]), options.Seed + (ulong)number, parallel.CancellationToken));
        }

        int done = 0;
        Parallel.ForEach(Partitioner.Create(fits, EnumerablePartitionerOptions.NoBuffering), parallel, fit =>
        {
            fit();
            progress?.Report((double)Interlocked.Increment(ref done) / fits.Count);
        });
        List<StackMember> members = [.. maps.Select((entry, m) => new FeatureMember(entry.Map, points.Classes, [.. weights[m].SelectMany(own => own)], entry.Penalties.Length))];
        if (trees.Length > 0)
        {
            members.Add(new TreeMember(trees, points.Classes));
        }

        if (options.StoresRows)
        {
            members.Add(new NeighborMember(
                points, [.. Enumerable.Range(0, repeats).Select(q => Enumerable.Range(0, points.Rows).Select(r => (int)folds[(r * repeats) + q]).ToArray())]));
        }

        if (heads.Length > 0)
        {
            members.Add(new HeadMember(heads, points.Classes));
        }

        return members;
    }
}
