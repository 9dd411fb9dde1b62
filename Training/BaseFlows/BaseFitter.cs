using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Randomness;
using FlowRatio.Training.Data;

namespace FlowRatio.Training.BaseFlows;

/// <summary>Fits base flows to training rows in the network's coordinates.</summary>
public static class BaseFitter
{
    // Fewer rows say little about a covariance; their condition takes the pooled density.
    private const int FewestRows = 5;

    // The density without some covariate is the mixture of those with it, as long as that is not much work to evaluate.
    private const int MostPooledComponents = 32;

    private const int MostWeights = 1 << 27;
    private const int FewestRowsToWeigh = 1000;

    /// <summary>Fits a base.</summary>
    /// <param name="set">Training rows in the network's coordinates.</param>
    /// <param name="choice">A kind other than none and auto.</param>
    /// <param name="dropProbabilities">Probability of dropping each covariate in training: such conditions get densities of their own.</param>
    /// <param name="seed">Seed of the starts.</param>
    /// <param name="threads">Threads to fit with; 0 takes one per processor. The result does not depend on it.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="ArgumentException">The choice names no base.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public static BaseFlow Fit(
        TrainingSet set, BaseChoice choice, IReadOnlyList<double> dropProbabilities, ulong seed, int threads = 0, CancellationToken cancellation = default) =>
        Fit(set, choice, dropProbabilities, seed, threads, null, cancellation);

    /// <summary>The same with blocks of coordinates, for factors, that are known to be independent given the condition; null to look for them.</summary>
    internal static BaseFlow Fit(
        TrainingSet set,
        BaseChoice choice,
        IReadOnlyList<double> dropProbabilities,
        ulong seed,
        int threads,
        IReadOnlyList<int[]>? knownBlocks,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(dropProbabilities);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        choice.Validate();
        if (choice.Kind is not (BaseKind.Gaussian or BaseKind.Mixture or BaseKind.Factors or BaseKind.Shared or BaseKind.Weights or BaseKind.Levels or BaseKind.FreeLevels))
        {
            throw new ArgumentException($"'{choice}' is not a base that can be fitted.", nameof(choice));
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads, CancellationToken = cancellation };
        ReadOnlyMemory<float> points = set.Points.ToArray();
        int[] all = [.. Enumerable.Range(0, set.Rows)];
        if (choice.Kind == BaseKind.Shared)
        {
            MixtureFit shared = MixtureFit.Of(points, set.Dimension, all, choice.Components, seed, parallel);
            return new BaseFlow($"shared, {shared.Summary}", [shared.Density], [], 0);
        }

        var conditions = new ConditionRows(set);
        if (choice.Kind == BaseKind.Weights)
        {
            MixtureFit whole = MixtureFit.Of(points, set.Dimension, all, choice.Components, seed, parallel);
            TrainingSet some = RowsToWeigh(whole.Density.Components.Length);
            var someConditions = new ConditionRows(some);
            var weights = new ConditionWeights(whole.Density, some.Points.ToArray(), parallel);
            return Reweighted(
                $"weights, {whole.Summary}", whole.Density, parts => weights.Of([.. parts.SelectMany(part => someConditions[part])], cancellation));
        }

        if (choice.Kind is BaseKind.Levels or BaseKind.FreeLevels)
        {
            TrainingSet some = RowsToWeigh(choice.Components ?? EqualBalls.DefaultCount);
            ReadOnlyMemory<float> somePoints = some.Points.ToArray();
            var someConditions = new ConditionRows(some);
            BaseDensity balls = EqualBalls.Fit(somePoints, set.Dimension, choice.Components, seed, parallel);
            Condition[] observed = [.. conditions.Observed];
            ComponentLevels levels = new ConditionWeights(balls, somePoints, parallel).Levels(
                [.. observed.Select(condition => someConditions[condition])], choice.Kind == BaseKind.Levels, parallel);
            return Reweighted(
                $"{new BaseChoice(choice.Kind)}, {balls.Components.Length} balls of {levels.Count} levels",
                balls,
                parts => levels.Of([.. parts.Select(part => Array.IndexOf(observed, part))]));
        }

        Condition[] fitted = [.. conditions.Observed.Where(condition => conditions[condition].Length >= FewestRows)];
        if (fitted.Length == 0)
        {
            // Only tiny groups: one density for all of them.
            GaussianBaseFit one = GaussianBaseFit.Of([RowMoments.Of(points.Span, set.Dimension, all)]);
            return new BaseFlow(one.Summary, one.Densities, [], 0);
        }

        int[][] rows = [.. fitted.Select(condition => conditions[condition])];
        (IReadOnlyList<BaseDensity> densities, string summary) = FitGroups(points, set.Dimension, rows, choice, knownBlocks, seed, parallel);
        List<BaseDensity> every = [.. densities];
        var numbers = fitted.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        Condition empty = Condition.Empty(set.Vocabulary.Covariates.Length);
        List<Condition> unknown = [];
        foreach (Condition dropped in conditions.WithDropped(dropProbabilities).Append(empty).Where(c => !numbers.ContainsKey(c)))
        {
            int[] matching = [.. conditions.Matching(dropped).Select(c => Array.IndexOf(fitted, c)).Where(i => i >= 0)];
            if (matching.Length == 0)
            {
                unknown.Add(dropped);
                continue;
            }

            numbers.Add(dropped, every.Count);
            every.Add(Pool([.. matching.Select(i => densities[i])], [.. matching.Select(i => rows[i])]));
        }

        // Too few rows for a density of their own: what all rows have.
        unknown.ForEach(dropped => numbers.Add(dropped, numbers[empty]));

        return new BaseFlow(summary, every, numbers, numbers[empty]);

        // Weights of components need a number per row and component: beyond a gibibyte of them a random part of every condition's rows has to do.
        TrainingSet RowsToWeigh(int components)
        {
            int most = MostWeights / components;
            if (set.Rows <= most)
            {
                return set;
            }

            double share = (double)most / set.Rows;
            return set.Select([.. conditions.Observed.SelectMany((condition, number) =>
            {
                int[] own = conditions[condition];
                var order = new KeyedPermutation(own.Length, Philox.Block(seed, RandomStream.BaseFit, (uint)number, uint.MaxValue - 1));
                return Enumerable.Range(0, Math.Max((int)(share * own.Length), Math.Min(own.Length, FewestRowsToWeigh))).Select(i => own[order[i]]);
            }).Order()]);
        }

        // The whole first, for conditions without rows; then the components with the weights of each condition.
        BaseFlow Reweighted(string summary, BaseDensity whole, Func<IEnumerable<Condition>, BaseDensity> weighted)
        {
            Condition[] named = [.. conditions.Observed.Concat(conditions.WithDropped(dropProbabilities))];
            return new BaseFlow(
                summary,
                [whole, .. named.Select(condition => weighted(conditions.Matching(condition)))],
                named.Index().Select(entry => KeyValuePair.Create(entry.Item, 1 + entry.Index)),
                0);
        }

        BaseDensity Pool(BaseDensity[] parts, int[][] theirRows)
        {
            // A mixture of products is none.
            if (parts.All(part => part.Factors.Length == 1) && parts.Sum(part => part.Components.Length) <= MostPooledComponents)
            {
                return new BaseDensity(parts.Zip(theirRows).SelectMany(
                    part => part.First.Components.Select(component => component.WithWeight(component.Weight * part.Second.Length))));
            }

            int[] pooledRows = [.. theirRows.SelectMany(part => part).Order()];
            return FitGroups(points, set.Dimension, [pooledRows], choice, null, seed, parallel).Densities[0];
        }
    }

    private static (IReadOnlyList<BaseDensity> Densities, string Summary) FitGroups(
        ReadOnlyMemory<float> points, int dimension, int[][] rows, BaseChoice choice, IReadOnlyList<int[]>? knownBlocks, ulong seed, ParallelOptions parallel)
    {
        IReadOnlyList<int[]> blocks = choice.Kind == BaseKind.Factors ? knownBlocks ?? IndependentBlocks.Of(points.Span, dimension, rows) : [];
        if (blocks.Count > 1)
        {
            FactorFit factors = FactorFit.Of(points, dimension, rows, blocks, choice.Components, seed, parallel);
            return (factors.Densities, factors.Summary);
        }

        if (choice.Kind is BaseKind.Mixture or BaseKind.Factors)
        {
            MixtureFit[] mixtures =
            [
                .. rows.Select(group => MixtureFit.Of(points, dimension, group, choice.Components, seed, parallel)),
            ];

            // Where every condition is a single Gaussian, the simpler covariances are the better ones.
            if (mixtures.Any(mixture => mixture.Density.Components.Length > 1))
            {
                return ([.. mixtures.Select(mixture => mixture.Density)], "mixture, " + string.Join(", ", mixtures.Select(m => m.Summary)));
            }
        }

        GaussianBaseFit fit = GaussianBaseFit.Of([.. rows.Select(group => RowMoments.Of(points.Span, dimension, group))]);
        return (fit.Densities, fit.Summary);
    }
}
