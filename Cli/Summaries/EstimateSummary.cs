using FlowRatio.Cli.Runs;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Cli.Summaries;

/// <summary>
/// Sees every row of an estimation once: counts all of them, and keeps a random sample of bounded size for quantiles, areas and charts.
/// </summary>
/// <param name="rows">Number of rows.</param>
/// <param name="seed">Seed of the sample.</param>
/// <param name="deviationLimit">Deviation from noise above which a row lies outside of what the training saw (<see cref="NoiseDeviation"/>).</param>
internal sealed class EstimateSummary(long rows, ulong seed, double deviationLimit)
{
    // Areas and quantiles of so many rows are good to three digits, in some ten megabytes.
    private const int MostKept = 250_000;
    private readonly double share = Math.Min(1, MostKept / (double)Math.Max(rows, 1));
    private readonly List<EstimatedRow> kept = [];
    private readonly Dictionary<string, string> groupNames = new(StringComparer.Ordinal);
    private readonly long[] statuses = new long[StatusText.All.Count];
    private double sum;
    private long finite;
    private long evaluations;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows of the sample: all of them up to a million.</summary>
    public IReadOnlyList<EstimatedRow> Kept => kept;

    /// <summary>Whether the sample is all rows.</summary>
    public bool IsWhole => share >= 1;

    /// <summary>Rows per status.</summary>
    public IReadOnlyList<long> Statuses => statuses;

    /// <summary>Rows without a value.</summary>
    public long Failed => Rows - finite;

    /// <summary>Rows outside of what the training saw.</summary>
    public long Outside { get; private set; }

    /// <summary>Deviation from noise above which a row is one of them.</summary>
    public double DeviationLimit => deviationLimit;

    /// <summary>Mean of the values.</summary>
    public double Mean => sum / finite;

    /// <summary>Mean number of evaluations.</summary>
    public double Evaluations => (double)evaluations / Rows;

    /// <summary>Adds the next row.</summary>
    public void Add(in EstimatedRow row)
    {
        statuses[(int)row.Status]++;
        evaluations += row.Evaluations;
        Outside += row.Deviation > deviationLimit ? 1 : 0;
        if (double.IsFinite(row.Value))
        {
            sum += row.Value;
            finite++;
        }

        if (share >= 1 || Philox.Block(seed, RandomStream.Summary, (uint)Rows).Uniform01 < share)
        {
            kept.Add(row with { Group = row.Group is null ? null : Intern(row.Group) });
        }

        Rows++;
    }

    /// <summary>The sample by group, the groups in the order of their names; values that are not finite are left out.</summary>
    public IReadOnlyList<(string Group, double[] Sorted)> Groups() =>
    [
        .. kept.Where(row => row.Group is not null && double.IsFinite(row.Value))
            .GroupBy(row => row.Group!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Select(row => row.Value).Order().ToArray())),
    ];

    /// <summary>Area of the labelled rows of the sample.</summary>
    /// <param name="which">Which rows count.</param>
    public RankArea? Area(Func<EstimatedRow, bool> which) =>
        RankArea.Of(kept.Where(row => row.Label is not null && which(row)).Select(row => (row.Value, row.Label!.Value)));

    // Millions of rows name a handful of groups: keep one text of each.
    private string Intern(string group)
    {
        if (!groupNames.TryGetValue(group, out string? known))
        {
            groupNames.Add(group, known = group);
        }

        return known;
    }
}
