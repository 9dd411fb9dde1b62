using FlowRatio.Applications.Response;
using FlowRatio.Reports;
using FlowRatio.Reports.Blocks;
using FlowRatio.Reports.Charts;

namespace FlowRatio.Applications.Pages;

/// <summary>The page of a run over donors.</summary>
/// <param name="cells">The cells.</param>
/// <param name="donors">The donor.</param>
/// <param name="treated">Name of the treated arm.</param>
/// <param name="control">Name of the control arm.</param>
/// <param name="isTreated">Arm of each cell.</param>
/// <param name="result">The result.</param>
/// <param name="run">What was run.</param>
public sealed class ResponsePage(
    CellTable cells,
    CellCovariate donors,
    string treated,
    string control,
    IReadOnlyList<bool> isTreated,
    ResponseResult result,
    RunDescription run)
{
    private bool HasDonors => result.Donors.Count > 1;

    /// <summary>Builds the page.</summary>
    public ReportPage Create()
    {
        var page = new ReportPage(
            "Response",
            $"log p(x | donor, {treated}) - log p(x | donor, {control}) of {ReportNumber.Whole(cells.Cells)} cells of {run.File}, "
            + (HasDonors ? $"summarised over {result.Donors.Count} donors, which are the replicates." : "without donors: nothing is said about how donors vary."))
        {
            Kicker = "FlowRatio · response",
            Summary = [new KeyFigures(KeyNumbers())],
        };
        page.Add("Donors", DonorFigure(), DonorTable(), Test());
        if (result.Groups.Count > 0)
        {
            page.Add("Groups of cells", GroupFigure(), GroupTable());
        }

        page.Add("Cells", Embedding(), Distributions());
        page.Add("Beside a classifier", Scatter(), Agreement());
        page.Add("What was run", run.Blocks());
        return page;
    }

    private IReadOnlyList<KeyFigure> KeyNumbers() =>
    [
        new KeyFigure("Mean strength", $"{ReportNumber.Format(result.Strength.Mean)} nats", HasDonors ? $"95% over donors: {Interval(result.Strength)}" : "one group of cells"),
        .. result.Transfer is { } transfer
            ? (KeyFigure[])[new KeyFigure("Mean transfer between donors", $"{ReportNumber.Format(transfer.Mean)} nats", $"p = {ReportNumber.Format(result.P)}, smallest possible {ReportNumber.Format(result.SmallestP)}")]
            : [],
        new KeyFigure("Pearson with log-odds, cells", ReportNumber.Format(result.Pearson)),
        new KeyFigure("Spearman with log-odds, cells", ReportNumber.Format(result.Spearman)),
    ];

    private Figure DonorFigure()
    {
        string caption = "Strength of response per donor (half the difference of the mean log-ratios of treated and control cells) and the same quantity with the log-ratios of the other "
            + "donors: positive where the donor responds as the others do. The last row of each panel is the mean with its 95% bootstrap interval over donors.";
        string interval = HasDonors ? "mean over donors" : "mean";
        List<Chart> panels =
        [
            Dots("strength", "strength (nats)", [.. result.Donors.Select(donor => (donor.Donor, donor.Strength))], interval, result.Strength),
        ];
        if (result.Transfer is { } transfer)
        {
            panels.Add(Dots("transfer", "transfer (nats)", [.. result.Donors.Select(donor => (donor.Donor, donor.Transfer))], interval, transfer));
        }

        return new Figure(
            caption,
            panels,
            new ReportTable(
                caption,
                [new("donor", IsNumber: false), new("strength (nats)"), new("transfer (nats)")],
                [.. result.Donors.Select(donor => new ReportCell[] { donor.Donor, ReportNumber.Format(donor.Strength), ReportNumber.Format(donor.Transfer) })]));
    }

    private static DotChart Dots(
        string title, string axis, IReadOnlyList<(string Name, double Value)> rows, string last, Statistics.BootstrapInterval interval) => new(
        new Axis(axis) { IncludeZero = true },
        [
            .. rows.Select((row, i) => new DotRow(GroupDensityFigure.Style(row.Name, i), row.Value)),
            new DotRow(new SeriesStyle(last, SeriesColor.Gray, SeriesShape.Diamond), interval.Mean, 0.5 * (interval.High - interval.Low)),
        ],
        $"Dot chart of {title} per donor.") { Title = title, Level = 0 };

    private ReportTable DonorTable() => new(
        "Donors. AUC: how well each score tells the donor's treated cells from its control cells; 'others' is the mean log-ratio of the other donors.",
        [
            new("donor", IsNumber: false), new($"{treated} cells"), new($"{control} cells"), new("strength (nats)"), new("by log-odds (nats)"), new("transfer (nats)"),
            new("AUC, log-ratio"), new("AUC, log-odds"), new("AUC, others"), new("Pearson"), new("Spearman"),
        ],
        [
            .. result.Donors.Select(donor => new ReportCell[]
            {
                donor.Donor,
                ReportNumber.Whole(donor.Treated),
                ReportNumber.Whole(donor.Control),
                ReportNumber.Format(donor.Strength),
                ReportNumber.Format(donor.OddsStrength),
                ReportNumber.Format(donor.Transfer),
                ReportNumber.Format(donor.RatioAuc),
                ReportNumber.Format(donor.OddsAuc),
                ReportNumber.Format(donor.TransferAuc),
                ReportNumber.Format(donor.Pearson),
                ReportNumber.Format(donor.Spearman),
            }),
        ]);

    private Paragraph Test() => new(HasDonors
        ? $"The test exchanges treated and control within donors, for every choice of donors, and asks how often the mean transfer is as large as observed: p = {ReportNumber.Format(result.P)}. "
            + "Exchanging all donors at once changes nothing, since the test has no direction, so "
            + $"{result.Donors.Count} donors can give no p below {ReportNumber.Format(result.SmallestP)}; a test with a direction fixed beforehand could reach half of that, "
            + $"{ReportNumber.Format(0.5 * result.SmallestP)}. The intervals are bootstrap intervals over donors, which are narrow and unreliable for few of them. The flow is one for all "
            + "donors, so their log-ratios share what the network shares. Numbers of cells do not enter: cells of a donor are not independent replicates."
        : "There are no donors: strength is a property of these two samples, and no test can say whether it is one of the treatment.");

    private Figure GroupFigure()
    {
        string caption = "Mean log-ratio of the treated cells of each group, mean over donors with its 95% bootstrap interval over donors.";
        GroupResponse[] known = [.. result.Groups.Where(group => group.Interval is not null)];
        return new Figure(
            caption,
            [
                new DotChart(
                    new Axis("mean log-ratio of treated cells (nats)") { IncludeZero = true },
                    [
                        .. known.Select((group, i) => new DotRow(
                            GroupDensityFigure.Style(group.Group, i),
                            group.Interval!.Value.Mean,
                            HasDonors ? 0.5 * (group.Interval!.Value.High - group.Interval!.Value.Low) : null)),
                    ],
                    "Dot chart of the mean log-ratio per group of cells.") { Level = 0 },
            ],
            new ReportTable(
                caption,
                [new("group", IsNumber: false), new("mean (nats)"), new("interval (nats)", IsNumber: false)],
                [.. known.Select(group => new ReportCell[] { group.Group, ReportNumber.Format(group.Interval!.Value.Mean), Interval(group.Interval!.Value) })]));
    }

    private ReportTable GroupTable() => new(
        "Mean log-ratio of treated cells per group and donor, in nats; in brackets that of the cross-fitted classifier. A dash: too few cells.",
        [new("group", IsNumber: false), .. donors.Categories.Select(donor => new ReportColumn(donor))],
        [
            .. result.Groups.Select(group => (ReportCell[])
            [
                group.Group,
                .. donors.Categories.Select(donor => (ReportCell)(group.ByDonor.TryGetValue(donor, out double mean)
                    ? $"{ReportNumber.Format(mean)} ({ReportNumber.Format(group.OddsByDonor[donor])})"
                    : "–")),
            ]),
        ]);

    private Figure Embedding() => EmbeddingFigure.Of(
        $"Log-ratio of {treated} to {control} for the cell's own donor, and log-odds of the classifier.",
        "log-ratio (nats)",
        cells.Embedding,
        [("log-ratio of the flow", result.Ratios), ("log-odds, cross-fitted", result.Odds)]);

    private Figure Distributions() => GroupDensityFigure.Of(
        "Log-ratios of treated and of control cells.",
        "log-ratio (nats)",
        "nat",
        [
            .. donors.Categories.Take(6).Select((donor, d) => (
                donor,
                (IReadOnlyList<(SeriesStyle, IReadOnlyList<double>)>)
                [
                    (GroupDensityFigure.Style(treated, 1), (IReadOnlyList<double>)[.. Rows(d, true)]),
                    (GroupDensityFigure.Style(control, 0), (IReadOnlyList<double>)[.. Rows(d, false)]),
                ])),
        ]);

    private IEnumerable<double> Rows(int donor, bool arm) =>
        Enumerable.Range(0, cells.Cells).Where(r => donors.Codes[r] == donor && isTreated[r] == arm).Select(r => result.Ratios[r]);

    private Figure Scatter() => AgreementFigure.Of(
        $"Log-ratio of the flow against log-odds of the cross-fitted classifier: means over {Parts} (a); cell by cell (b). One look per donor.",
        "mean",
        score => $"mean {score}",
        [.. Means()],
        result.PairPearson,
        [
            .. Enumerable.Range(0, cells.Cells).Where(r => double.IsFinite(result.Ratios[r]))
                .Select(r => new AgreementFigure.Cell(Style(donors.Codes[r]), result.Ratios[r], result.Odds[r])),
        ],
        result.Pearson);

    private IEnumerable<AgreementFigure.Group> Means() => result.Groups.Count > 0
        ? result.Groups.SelectMany(
            group => donors.Categories.Index().Where(donor => group.ByDonor.ContainsKey(donor.Item)),
            (group, donor) => new AgreementFigure.Group($"{donor.Item}, {group.Group}", Style(donor.Index), group.ByDonor[donor.Item], group.OddsByDonor[donor.Item]))
        : Enumerable.Range(0, donors.Categories.Count).SelectMany(_ => (bool[])[true, false], (donor, arm) =>
        {
            int[] rows = [.. Enumerable.Range(0, cells.Cells).Where(
                r => donors.Codes[r] == donor && isTreated[r] == arm && double.IsFinite(result.Ratios[r]))];
            return new AgreementFigure.Group($"{donors.Categories[donor]}, {(arm ? treated : control)}", Style(donor), rows.Average(r => result.Ratios[r]), rows.Average(r => result.Odds[r]));
        });

    private SeriesStyle Style(int donor) => GroupDensityFigure.Style(donors.Categories[donor], donor);

    private string Parts => result.Groups.Count > 0 ? "donors and groups" : "donors and arms";

    private Paragraph Agreement() => new(
        $"Over cells, log-ratio and cross-fitted log-odds have the Pearson correlation {ReportNumber.Format(result.Pearson)} and the Spearman correlation {ReportNumber.Format(result.Spearman)}; "
        + $"over the means of {Parts} {ReportNumber.Format(result.PairPearson)} and {ReportNumber.Format(result.PairSpearman)}.");

    private static string Interval(Statistics.BootstrapInterval interval) => $"{ReportNumber.Format(interval.Low)} to {ReportNumber.Format(interval.High)}";

}
