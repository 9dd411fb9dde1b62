using System.Diagnostics;
using FlowRatio.Applications.Statistics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications.Combination;

/// <summary>
/// Effects of a second treatment on top of a first: log p(x | a, b) - log p(x | a, control) by one conditional flow for all pairs, beside
/// the log-odds of a classifier trained for each pair to tell the two groups apart.
/// </summary>
public static class CombinationRun
{
    /// <summary>Runs all pairs.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="first">Covariate a, which both groups of a pair share.</param>
    /// <param name="second">Covariate b.</param>
    /// <param name="control">Category of b that is compared with.</param>
    /// <param name="options">How.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="progress">Told pair by pair.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">An option is out of range, the control is unknown, or no pair has enough cells.</exception>
    public static CombinationResult Run(
        CellTable cells,
        CellCovariate first,
        CellCovariate second,
        string control,
        CombinationOptions options,
        ComputeBackend backend,
        IProgress<ApplicationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        options.Validate();
        var clock = Stopwatch.StartNew();
        int below = second.IndexOf(control);
        (List<(int First, int Second)> wanted, List<string> leftOut) = Pairs(first, second, below, options.FewestCells);
        if (wanted.Count == 0)
        {
            throw new ArgumentException(
                $"No pair of '{first.Name}' and '{second.Name}' has {options.FewestCells} cells both with and without '{control}'.");
        }

        TrainingSet data = cells.ToTrainingSet([first, second]);

        // Cells of pairs that are left out take part in the training, however few they are.
        FlowSettings settings = options.Flow with { Training = options.Flow.Training with { FewestRowsPerCategory = 0 } };
        CellFlows flows = CellFlows.Train(data, settings, backend, progress, cancellation);
        List<CombinationPair> pairs = [];
        List<(int Pair, double Ratio, double Odds)> points = [];
        double[] cellRatios = new double[cells.Cells];
        Array.Fill(cellRatios, double.NaN);
        for (int pair = 0; pair < wanted.Count; pair++)
        {
            (int a, int b) = wanted[pair];
            progress?.Report(new ApplicationProgress($"{first.Categories[a]}, {second.Categories[b]}", (double)pair / wanted.Count));
            int[] rows = [.. Enumerable.Range(0, cells.Cells).Where(r => first.Codes[r] == a && (second.Codes[r] == b || second.Codes[r] == below))];
            bool[] isTreated = [.. rows.Select(r => second.Codes[r] == b)];
            double[] ratios = flows.LogRatios(rows, new Condition(a, b), new Condition(a, below), cancellation);
            double[] odds = options.Classifier.LogOdds(data, rows, isTreated, backend, cancellation);
            int[] usable = [.. Enumerable.Range(0, rows.Length).Where(i => double.IsFinite(ratios[i]))];
            pairs.Add(Describe(first.Categories[a], second.Categories[b], isTreated, ratios, odds, usable));
            points.AddRange(usable.Select(i => (pair, ratios[i], odds[i])));
            foreach (int i in usable.Where(i => isTreated[i]))
            {
                cellRatios[rows[i]] = ratios[i];
            }
        }

        progress?.Report(new ApplicationProgress("done", 1));
        double[] ratioMeans = [.. pairs.Select(pair => pair.MeanAbsoluteRatio)], oddsMeans = [.. pairs.Select(pair => pair.MeanAbsoluteOdds)];
        bool isMany = pairs.Count > 2;
        double[] allRatios = [.. points.Select(point => point.Ratio)], allOdds = [.. points.Select(point => point.Odds)];
        return new CombinationResult(
            pairs,
            leftOut,
            isMany ? LinearCorrelation.Of(ratioMeans, oddsMeans) : double.NaN,
            isMany ? RankCorrelation.Of(ratioMeans, oddsMeans) : double.NaN,
            isMany ? LinearCorrelation.Of([.. ratioMeans.Select(value => Math.Log(value))], oddsMeans) : double.NaN,
            LinearCorrelation.Of(allRatios, allOdds),
            RankCorrelation.Of(allRatios, allOdds),
            points,
            cellRatios,
            clock.Elapsed.TotalSeconds);
    }

    private static (List<(int First, int Second)> Pairs, List<string> LeftOut) Pairs(
        CellCovariate first, CellCovariate second, int below, int fewest)
    {
        int[,] counts = new int[first.Categories.Count, second.Categories.Count];
        for (int r = 0; r < first.Codes.Count; r++)
        {
            counts[first.Codes[r], second.Codes[r]]++;
        }

        List<(int, int)> pairs = [];
        List<string> leftOut = [];
        for (int a = 0; a < first.Categories.Count; a++)
        {
            for (int b = 0; b < second.Categories.Count; b++)
            {
                if (b == below || counts[a, b] == 0)
                {
                    continue;
                }

                if (Math.Min(counts[a, b], counts[a, below]) < fewest)
                {
                    leftOut.Add($"{first.Categories[a]}, {second.Categories[b]}: {counts[a, b]} and {counts[a, below]} cells");
                    continue;
                }

                pairs.Add((a, b));
            }
        }

        return (pairs, leftOut);
    }

    private static CombinationPair Describe(string first, string second, bool[] isTreated, double[] ratios, double[] odds, int[] usable)
    {
        double[] r = [.. usable.Select(i => ratios[i])], o = [.. usable.Select(i => odds[i])];
        bool[] labels = [.. usable.Select(i => isTreated[i])];
        int treated = isTreated.Count(label => label);
        return new CombinationPair(
            first,
            second,
            treated,
            isTreated.Length - treated,
            r.Average(Math.Abs),
            o.Average(Math.Abs),
            Enumerable.Range(0, r.Length).Where(i => labels[i]).Average(i => r[i]),
            Enumerable.Range(0, o.Length).Where(i => labels[i]).Average(i => o[i]),
            LinearCorrelation.Of(r, o),
            RankCorrelation.Of(r, o),
            RocAuc.Of(r, labels),
            RocAuc.Of(o, labels),
            LabelLoss.Of(r, labels),
            LabelLoss.Of(o, labels),
            isTreated.Length - usable.Length);
    }
}
