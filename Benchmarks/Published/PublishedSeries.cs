using System.Text.Json.Serialization;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Published;

/// <summary>Published results of one method by dimension; published.json says where each comes from and what is known to be wrong.</summary>
/// <param name="Method">Name of the method here.</param>
/// <param name="Schedule">Path schedule, or null for methods without one.</param>
/// <param name="PathNoise">Variance constant of the noise on the path.</param>
/// <param name="SigmaMin">Width of the noise at the data.</param>
/// <param name="Shift">Shift of the means, for the Gaussian experiment.</param>
/// <param name="Origin">paper, or repository for results that are in the authors' repository alone.</param>
/// <param name="Mse">Mean squared error in nats squared.</param>
/// <param name="AbsError">Mean absolute error of the mutual information in nats.</param>
/// <param name="StdError">Standard error over the published runs, or null if unknown.</param>
/// <param name="Seconds">Seconds for all test points, or null if unknown.</param>
public sealed record PublishedSeries(
    string Method,
    string? Schedule,
    double PathNoise,
    double SigmaMin,
    double Shift,
    string? Origin,
    IReadOnlyDictionary<int, double>? Mse,
    IReadOnlyDictionary<int, double>? AbsError,
    IReadOnlyDictionary<int, double>? StdError,
    IReadOnlyDictionary<int, double>? Seconds)
{
    /// <summary>Whether the paper itself has these results.</summary>
    [JsonIgnore]
    public bool IsInPaper => Origin is null or "paper";

    /// <summary>Whether the results are those of a schedule; results of methods without one belong to every schedule.</summary>
    /// <param name="schedule">The schedule, or null for none.</param>
    public bool HasSchedule(PathSchedule? schedule) => Schedule is null
        || (schedule is not null && schedule.SigmaMin == SigmaMin && schedule.PathNoise == PathNoise);
}
