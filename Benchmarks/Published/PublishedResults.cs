using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Published;

/// <summary>The published results beside which ours are shown (published.json).</summary>
public sealed class PublishedResults
{
    private static readonly Lazy<PublishedResults> Read = new(() =>
    {
        using Stream stream = typeof(PublishedResults).Assembly.GetManifestResourceStream("published.json")
            ?? throw new InvalidOperationException("The resource published.json is missing.");
        return JsonSerializer.Deserialize<PublishedResults>(stream, JsonFile.Format)!;
    });

    /// <summary>Takes the results.</summary>
    /// <param name="gaussian">Results of the Gaussian experiment.</param>
    /// <param name="mi">Results of the mutual-information experiment.</param>
    [JsonConstructor]
    public PublishedResults(IReadOnlyList<PublishedSeries> gaussian, IReadOnlyList<PublishedSeries> mi)
    {
        Gaussian = gaussian;
        Mi = mi;
    }

    /// <summary>All of them.</summary>
    public static PublishedResults All => Read.Value;

    /// <summary>Results of the Gaussian experiment.</summary>
    public IReadOnlyList<PublishedSeries> Gaussian { get; }

    /// <summary>Results of the mutual-information experiment.</summary>
    public IReadOnlyList<PublishedSeries> Mi { get; }

    /// <summary>The published counterpart of a method of the Gaussian experiment, or null.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="schedule">The schedule; methods without a schedule ignore it.</param>
    /// <param name="shift">Shift of the means.</param>
    public PublishedSeries? FindGaussian(string method, PathSchedule? schedule, double shift) =>
        Gaussian.FirstOrDefault(series => series.Method == method && series.Shift == shift && series.HasSchedule(schedule));

    /// <summary>The published counterpart of a method of the mutual-information experiment, or null.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="schedule">The schedule; methods without a schedule ignore it.</param>
    /// <param name="inPaper">Whether the paper's number is wanted, or the repository's newer one.</param>
    public PublishedSeries? FindMutualInformation(string method, PathSchedule? schedule, bool inPaper) =>
        Mi.FirstOrDefault(series => series.Method == method && series.IsInPaper == inPaper && series.HasSchedule(schedule));
}
