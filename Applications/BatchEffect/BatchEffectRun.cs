using System.Diagnostics;
using FlowRatio.Applications.Statistics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications.BatchEffect;

/// <summary>
/// Batch effects as log p(x | type, batch) - log p(x | type), on cells held out from training. Their batch labels can then be permuted
/// within types without training again: if batches do not differ within types, every permutation is as likely as the labels observed.
/// </summary>
public sealed class BatchEffectRun
{
    private const double BoundSlack = 0.1;

    private readonly CellTable cells;
    private readonly CellCovariate types;
    private readonly CellCovariate batches;
    private readonly BatchEffectOptions options;
    private readonly ComputeBackend backend;
    private readonly int[] kept;
    private readonly int[] scored;
    private readonly double[][] shares;
    private readonly int[][] presentBatches;

    // -log P(batch | type) of each scored cell: p(x | type) is at least P(batch | type) p(x | type, batch).
    private readonly double[] bounds;

    private BatchEffectRun(CellTable cells, CellCovariate types, CellCovariate batches, BatchEffectOptions options, ComputeBackend backend)
    {
        this.cells = cells;
        this.types = types;
        this.batches = batches;
        this.options = options;
        this.backend = backend;
        int[] groups = [.. CellCovariate.Join([types, batches]).Codes];
        bool[] isHeldOut = StratifiedFolds.HeldOut(groups, options.HeldOut, options.Seed, RowCopies.Of(cells.Points, cells.Dimension));
        kept = [.. Enumerable.Range(0, cells.Cells).Where(r => !isHeldOut[r])];
        scored = [.. Enumerable.Range(0, cells.Cells).Where(r => isHeldOut[r])];
        shares = Shares();
        presentBatches = [.. shares.Select(own => Enumerable.Range(0, own.Length).Where(batch => own[batch] > 0).ToArray())];
        bounds = [.. scored.Select(cell => -Math.Log(shares[types.Codes[cell]][batches.Codes[cell]]))];
    }

    /// <summary>Measures batch effects before and after a correction.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="types">What is compared within: the cell type, for one.</param>
    /// <param name="batches">The batch.</param>
    /// <param name="corrected">Corrected coordinates of the same cells, row-major; null for <see cref="BatchStandardization"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="progress">Told training by training.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">An option is out of range, there is one batch only, or the corrected coordinates are of other cells.</exception>
    public static BatchEffectResult Run(
        CellTable cells,
        CellCovariate types,
        CellCovariate batches,
        float[]? corrected,
        BatchEffectOptions options,
        ComputeBackend backend,
        IProgress<ApplicationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        options.Validate();
        if (batches.Categories.Count < 2)
        {
            throw new ArgumentException($"'{batches.Name}' has one category; an effect needs two.", nameof(batches));
        }

        if (corrected is not null && corrected.Length % cells.Cells != 0)
        {
            throw new ArgumentException($"corrected has {corrected.Length} values for {cells.Cells} cells.", nameof(corrected));
        }

        return new BatchEffectRun(cells, types, batches, options, backend).RunAll(corrected, progress, cancellation);
    }

    private BatchEffectResult RunAll(float[]? corrected, IProgress<ApplicationProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        double trainings = 2 + options.NullTrainings;
        int done = 0;
        void Tell(string stage) => progress?.Report(new ApplicationProgress(stage, done++ / trainings));

        Tell("as given");
        (FlowEnsemble flows, BatchEffectScore before, double[] scoresBefore) = Measure("as given", cells.Points, batches, cancellation);
        (SignComparison sign, double[] right, double[] wrong) = CompareSigns(flows, cancellation);
        Tell("corrected");
        float[] after = corrected ?? BatchStandardization.Apply(cells.Points, cells.Dimension, batches);
        (_, BatchEffectScore scoreAfter, double[] scoresAfter) = Measure("corrected", after, batches, cancellation);
        var permutation = new LabelPermutation(types.Codes);
        List<BatchEffectScore> nulls = [];
        double[] scoresNull = [];
        for (int i = 0; i < options.NullTrainings; i++)
        {
            Tell($"permuted labels {i + 1}");

            // Draws far from those of the permutation test.
            CellCovariate permuted = batches with { Codes = permutation.Draw(batches.Codes, options.Seed, (1 << 20) + i) };
            (_, BatchEffectScore score, double[] values) = Measure($"permuted labels {i + 1}", cells.Points, permuted, cancellation);
            nulls.Add(score);
            scoresNull = i == 0 ? values : scoresNull;
        }

        progress?.Report(new ApplicationProgress("done", 1));
        return new BatchEffectResult(
            before, scoreAfter, nulls, sign, scored, scoresBefore, scoresAfter, scoresNull, right, wrong, BatchEffectNotes.Of(types, batches, kept), clock.Elapsed.TotalSeconds);
    }

    private (FlowEnsemble Flows, BatchEffectScore Score, double[] Scores) Measure(
        string name, float[] points, CellCovariate labels, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        FlowSettings settings = options.Flow with { Training = options.Flow.Training with { ConditionDrop = [0, options.BatchDrop] } };
        TrainingSet set = cells.ToTrainingSet([types, labels], points);
        FlowEnsemble flows = FlowEnsemble.Train(set.Select(kept), settings, backend, null, cancellation);

        // One row per scored cell, one column per batch: log p(x | type, batch) - log p(x | type).
        int count = batches.Categories.Count;
        double[,] table = new double[scored.Length, count];
        foreach (IGrouping<int, int> type in Enumerable.Range(0, scored.Length).GroupBy(i => types.Codes[scored[i]]))
        {
            int[] own = [.. type];
            float[] its = set.Select([.. own.Select(i => scored[i])]).Points.ToArray();
            Condition[] present = [.. Enumerable.Range(0, count).Select(batch => new Condition(type.Key, batch))];
            IReadOnlyList<double[]> ratios = flows.LogRatios(its, new Condition(type.Key, Condition.Dropped), present, cancellation);
            for (int batch = 0; batch < count; batch++)
            {
                for (int i = 0; i < own.Length; i++)
                {
                    table[own[i], batch] = -ratios[batch][i];
                }
            }
        }

        int[] observed = [.. scored.Select(cell => labels.Codes[cell])];
        double[] dropped = [.. observed.Select((batch, i) => table[i, batch])];
        double[,] mixed = Mixed(table);
        double[] scores = [.. observed.Select((batch, i) => mixed[i, batch])];
        int[] usable = [.. Enumerable.Range(0, scores.Length).Where(i => presentBatches[types.Codes[scored[i]]].All(batch => double.IsFinite(table[i, batch])))];
        double information = usable.Average(i => scores[i]);
        (double mean, double deviation, double p) = Permute(mixed, observed, usable, information, cancellation);
        return (flows, new BatchEffectScore(
            name,
            usable.Average(i => Math.Abs(scores[i])),
            information,
            mean,
            deviation,
            options.NullTrainings > 0 ? p : null,
            usable.Average(i => Math.Abs(dropped[i])),
            usable.Average(i => dropped[i] > bounds[i] + BoundSlack ? 1.0 : 0),
            scores.Length - usable.Length,
            watch.Elapsed.TotalSeconds), scores);
    }

    private (double Mean, double Deviation, double P) Permute(double[,] table, int[] observed, int[] usable, double information, CancellationToken cancellation)
    {
        var permutation = new LabelPermutation([.. scored.Select(cell => types.Codes[cell])]);
        double[] values = new double[options.Permutations];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = backend.HostThreads, CancellationToken = cancellation };
        Parallel.For(0, values.Length, parallel, draw =>
        {
            int[] labels = permutation.Draw(observed, options.Seed, draw);
            double sum = 0;
            foreach (int i in usable)
            {
                sum += table[i, labels[i]];
            }

            values[draw] = sum / usable.Length;
        });
        double mean = values.Average();
        int extreme = values.Count(value => value >= information);
        return (mean, Math.Sqrt(values.Average(value => Square(value - mean))), (1.0 + extreme) / (1 + values.Length));
    }

    /// <summary>
    /// Scores with log p(x | type) = log sum over batches of P(b | type) p(x | type, b): with the scores l_b against any common denominator
    /// they are l_b - log sum P(b' | type) e^(l_b'). They need only ratios between batches, not how well the flow knows the type alone.
    /// </summary>
    private double[,] Mixed(double[,] table)
    {
        double[,] mixed = new double[scored.Length, batches.Categories.Count];
        for (int i = 0; i < scored.Length; i++)
        {
            int type = types.Codes[scored[i]];

            // Of a type and a batch without cells the density is extrapolation, and has no share in the mixture.
            int[] present = presentBatches[type];
            double largest = present.Max(batch => table[i, batch]);
            double sum = present.Sum(batch => shares[type][batch] * Math.Exp(table[i, batch] - largest));
            for (int batch = 0; batch < batches.Categories.Count; batch++)
            {
                mixed[i, batch] = table[i, batch] - largest - Math.Log(sum);
            }
        }

        return mixed;
    }

    /// <summary>P(batch | type), <c>[types][batches]</c>, in all cells.</summary>
    private double[][] Shares()
    {
        double[][] counts = [.. types.Categories.Select(_ => new double[batches.Categories.Count])];
        for (int r = 0; r < cells.Cells; r++)
        {
            counts[types.Codes[r]][batches.Codes[r]]++;
        }

        return [.. counts.Select(own => own.Select(count => count / own.Sum()).ToArray())];
    }

    private (SignComparison Comparison, double[] Right, double[] Wrong) CompareSigns(FlowEnsemble flows, CancellationToken cancellation)
    {
        double[] right = SignedScores(flows.Models[0], false, cancellation), wrong = SignedScores(flows.Models[0], true, cancellation);
        int[] usable = [.. Enumerable.Range(0, right.Length).Where(i => double.IsFinite(right[i]) && double.IsFinite(wrong[i]))];
        double[] a = [.. usable.Select(i => right[i])], b = [.. usable.Select(i => wrong[i])];
        return (new SignComparison(
            a.Average(Math.Abs),
            b.Average(Math.Abs),
            Math.Sqrt(a.Zip(b, (x, y) => Square(x - y)).Average()),
            LinearCorrelation.Of(a, b),
            a.Average(),
            b.Average(),
            usable.Average(i => wrong[i] > bounds[i] + BoundSlack ? 1.0 : 0)), right, wrong);
    }

    /// <summary>Scores along the numerator's velocity, with the correction term as it is or with the other sign.</summary>
    private double[] SignedScores(FlowModel model, bool isNegated, CancellationToken cancellation)
    {
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        using BaseFlowBuffer? baseFlow = model.Base is null ? null : backend.CreateBaseFlow(model.Base);
        var flow = new NetworkFlow(backend, model.Network, parameters, model.Schedule, baseFlow);
        EstimationOptions estimation = options.Flow.Estimation with { Field = SimulatingField.Numerator, Overlap = OverlapDiagnostic.Off };
        using var estimator = new LogRatioEstimator(isNegated ? new NegatedScoreFlow(flow) : flow, estimation);
        double[] scores = new double[scored.Length];
        foreach (IGrouping<(int Type, int Batch), int> group in Enumerable.Range(0, scored.Length)
                     .GroupBy(i => (types.Codes[scored[i]], batches.Codes[scored[i]])))
        {
            int[] own = [.. group];
            float[] points = new float[own.Length * cells.Dimension];
            for (int i = 0; i < own.Length; i++)
            {
                cells.Points.AsSpan(scored[own[i]] * cells.Dimension, cells.Dimension).CopyTo(points.AsSpan(i * cells.Dimension));
            }

            model.Standardization?.Apply(points.ToArray(), points);
            EstimationResult result = estimator.Estimate(
                points, new Condition(group.Key.Type, group.Key.Batch), new Condition(group.Key.Type, Condition.Dropped), cancellation: cancellation);
            for (int i = 0; i < own.Length; i++)
            {
                scores[own[i]] = result.Values[i];
            }
        }

        return scores;
    }

    private static double Square(double value) => value * value;
}
