using System.Diagnostics;
using FlowRatio.Applications.Statistics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications.Response;

/// <summary>
/// Response of donors to a treatment: log p(x | donor, treated) - log p(x | donor, control) of every cell, summarised per donor, with donors
/// and not cells as replicates. Within one donor the two arms always differ somewhat; what a treatment does shows in what donors share, so
/// each donor is also scored by the log-ratios of the others.
/// </summary>
public sealed class ResponseRun
{
    private readonly CellCovariate donors;
    private readonly CellCovariate? groups;
    private readonly bool[] isTreated;
    private readonly int above;
    private readonly int below;
    private readonly TrainingSet data;
    private readonly ResponseOptions options;
    private readonly ComputeBackend backend;

    private ResponseRun(
        CellTable cells,
        CellCovariate donors,
        CellCovariate arms,
        string treated,
        string control,
        CellCovariate? groups,
        ResponseOptions options,
        ComputeBackend backend)
    {
        this.donors = donors;
        this.groups = groups;
        this.options = options;
        this.backend = backend;
        above = arms.IndexOf(treated);
        below = arms.IndexOf(control);
        isTreated = [.. arms.Codes.Select(code => code == above)];
        data = cells.ToTrainingSet([donors, arms]);
    }

    /// <summary>Runs all donors.</summary>
    /// <param name="cells">The cells, all of one of the two arms.</param>
    /// <param name="donors">The donor; a single category where donors are not known, and then nothing is said about donors.</param>
    /// <param name="arms">The arm.</param>
    /// <param name="treated">Category of the treated arm.</param>
    /// <param name="control">Category of the control arm.</param>
    /// <param name="groups">Groups of cells (cell types) to summarise, or null.</param>
    /// <param name="options">How.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="progress">Told donor by donor.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ArgumentException">An option is out of range, an arm is unknown, or a donor has too few cells of an arm.</exception>
    public static ResponseResult Run(
        CellTable cells,
        CellCovariate donors,
        CellCovariate arms,
        string treated,
        string control,
        CellCovariate? groups,
        ResponseOptions options,
        ComputeBackend backend,
        IProgress<ApplicationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(donors);
        ArgumentNullException.ThrowIfNull(arms);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(backend);
        options.Validate();
        if (arms.Categories.Count != 2 || treated == control)
        {
            throw new ArgumentException(
                $"'{arms.Name}' has the categories {string.Join(", ", arms.Categories)}; two arms, one of them the control, are needed.", nameof(arms));
        }

        var run = new ResponseRun(cells, donors, arms, treated, control, groups, options, backend);
        run.RequireCells();
        return run.RunAll(progress, cancellation);
    }

    private void RequireCells()
    {
        for (int donor = 0; donor < donors.Categories.Count; donor++)
        {
            int treated = Rows(donor).Count(r => isTreated[r]), control = Rows(donor).Length - treated;
            if (Math.Min(treated, control) < options.Classifier.FewestCells)
            {
                throw new ArgumentException(
                    $"Donor '{donors.Categories[donor]}' has {treated} treated and {control} control cells; {options.Classifier.FewestCells} of each are needed.");
            }
        }
    }

    private ResponseResult RunAll(IProgress<ApplicationProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        CellFlows flows = CellFlows.Train(data, options.Flow, backend, progress, cancellation);
        int count = donors.Categories.Count;

        // Log-ratio of every cell by every donor's pair of densities: [donor of the densities][cell].
        double[][] all = new double[count][];
        double[] odds = new double[data.Rows];
        int[] every = [.. Enumerable.Range(0, data.Rows)];
        for (int donor = 0; donor < count; donor++)
        {
            progress?.Report(new ApplicationProgress($"donor {donors.Categories[donor]}", (double)donor / count));
            all[donor] = flows.LogRatios(every, new Condition(donor, above), new Condition(donor, below), cancellation);
            int[] own = Rows(donor);
            double[] values = options.Classifier.LogOdds(data, own, [.. own.Select(r => isTreated[r])], backend, cancellation);
            for (int i = 0; i < own.Length; i++)
            {
                odds[own[i]] = values[i];
            }
        }

        progress?.Report(new ApplicationProgress("done", 1));
        double[] ratios = [.. every.Select(r => all[donors.Codes[r]][r])];
        double[,] transfer = Transfer(all);
        DonorResponse[] responses = [.. Enumerable.Range(0, count).Select(donor => Describe(donor, all, ratios, odds, transfer))];
        int[] usable = [.. every.Where(r => double.IsFinite(ratios[r]))];
        GroupResponse[] summaries = groups is null ? [] : [.. Enumerable.Range(0, groups.Categories.Count).Select(group => Describe(group, ratios, odds))];
        (double[] pairRatios, double[] pairOdds) = Pairs(summaries, ratios, odds);
        (double P, double Smallest)? test = count < 2 ? null : SignFlips.Test(count, signs => Agreement(transfer, signs));
        return new ResponseResult(
            responses,
            summaries,
            BootstrapInterval.Of([.. responses.Select(response => response.Strength)]),
            count < 2 ? null : BootstrapInterval.Of([.. responses.Select(response => response.Transfer)]),
            test?.P,
            test?.Smallest,
            LinearCorrelation.Of([.. usable.Select(r => ratios[r])], [.. usable.Select(r => odds[r])]),
            RankCorrelation.Of([.. usable.Select(r => ratios[r])], [.. usable.Select(r => odds[r])]),
            pairRatios.Length > 2 ? LinearCorrelation.Of(pairRatios, pairOdds) : double.NaN,
            pairRatios.Length > 2 ? RankCorrelation.Of(pairRatios, pairOdds) : double.NaN,
            ratios,
            odds,
            clock.Elapsed.TotalSeconds);
    }

    private int[] Rows(int donor) => [.. Enumerable.Range(0, donors.Codes.Count).Where(r => donors.Codes[r] == donor)];

    /// <summary>
    /// Entry (d, e): half the difference of the means of donor e's log-ratio between treated and control cells of donor d. Exchanging the
    /// arms of d changes its sign, and so does exchanging those of e, whose log-ratio then is the negative.
    /// </summary>
    private double[,] Transfer(double[][] all)
    {
        int count = all.Length;
        double[,] transfer = new double[count, count];
        for (int d = 0; d < count; d++)
        {
            int[] rows = Rows(d);
            for (int e = 0; e < count; e++)
            {
                int[] usable = [.. rows.Where(r => double.IsFinite(all[e][r]))];
                transfer[d, e] = 0.5 * (usable.Where(r => isTreated[r]).Average(r => all[e][r]) - usable.Where(r => !isTreated[r]).Average(r => all[e][r]));
            }
        }

        return transfer;
    }

    /// <summary>Mean over pairs of different donors of s_d s_e times their entry.</summary>
    private static double Agreement(double[,] transfer, IReadOnlyList<int> signs)
    {
        double sum = 0;
        for (int d = 0; d < signs.Count; d++)
        {
            for (int e = 0; e < signs.Count; e++)
            {
                sum += d == e ? 0 : signs[d] * signs[e] * transfer[d, e];
            }
        }

        return sum / (signs.Count * (signs.Count - 1));
    }

    private DonorResponse Describe(int donor, double[][] all, double[] ratios, double[] odds, double[,] transfer)
    {
        int[] rows = Rows(donor);
        int[] usable = [.. rows.Where(r => all.All(values => double.IsFinite(values[r])))];
        double[] own = [.. usable.Select(r => ratios[r])], classified = [.. usable.Select(r => odds[r])];
        bool[] labels = [.. usable.Select(r => isTreated[r])];
        int[] others = [.. Enumerable.Range(0, all.Length).Where(e => e != donor)];
        double[] foreign = others.Length == 0 ? [] : [.. usable.Select(r => others.Average(e => all[e][r]))];
        return new DonorResponse(
            donors.Categories[donor],
            rows.Count(r => isTreated[r]),
            rows.Count(r => !isTreated[r]),
            transfer[donor, donor],
            HalfDifference(classified, labels),
            Enumerable.Range(0, own.Length).Where(i => labels[i]).Average(i => Math.Abs(own[i])),
            LinearCorrelation.Of(own, classified),
            RankCorrelation.Of(own, classified),
            RocAuc.Of(own, labels),
            RocAuc.Of(classified, labels),
            others.Length == 0 ? double.NaN : others.Average(e => transfer[donor, e]),
            others.Length == 0 ? double.NaN : RocAuc.Of(foreign, labels),
            rows.Length - usable.Length);
    }

    private GroupResponse Describe(int group, double[] ratios, double[] odds)
    {
        Dictionary<string, double> means = [], oddsMeans = [];
        for (int donor = 0; donor < donors.Categories.Count; donor++)
        {
            int[] rows = [.. Rows(donor).Where(r => isTreated[r] && groups!.Codes[r] == group && double.IsFinite(ratios[r]))];
            if (rows.Length >= options.FewestCells)
            {
                means[donors.Categories[donor]] = rows.Average(r => ratios[r]);
                oddsMeans[donors.Categories[donor]] = rows.Average(r => odds[r]);
            }
        }

        return new GroupResponse(
            groups!.Categories[group], means, oddsMeans, means.Count == 0 ? null : BootstrapInterval.Of([.. means.Values]));
    }

    /// <summary>Means over donor and group, or over donor and arm where there are no groups.</summary>
    private (double[] Ratios, double[] Odds) Pairs(GroupResponse[] summaries, double[] ratios, double[] odds)
    {
        if (summaries.Length > 0)
        {
            return (
                [.. summaries.SelectMany(summary => summary.ByDonor.Values)],
                [.. summaries.SelectMany(summary => summary.ByDonor.Keys.Select(donor => summary.OddsByDonor[donor]))]);
        }

        int[][] parts =
        [
            .. Enumerable.Range(0, donors.Categories.Count).SelectMany(donor => (bool[])[false, true], (donor, arm) =>
                Rows(donor).Where(r => isTreated[r] == arm && double.IsFinite(ratios[r])).ToArray()),
        ];
        return ([.. parts.Select(part => part.Average(r => ratios[r]))], [.. parts.Select(part => part.Average(r => odds[r]))]);
    }

    private static double HalfDifference(double[] values, bool[] labels) => 0.5 * (
        Enumerable.Range(0, values.Length).Where(i => labels[i]).Average(i => values[i])
        - Enumerable.Range(0, values.Length).Where(i => !labels[i]).Average(i => values[i]));
}
