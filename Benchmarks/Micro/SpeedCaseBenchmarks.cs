using BenchmarkDotNet.Attributes;
using FlowRatio.Benchmarks.Speed;

namespace FlowRatio.Benchmarks.Micro;

/// <summary>Runs cases of <see cref="SpeedCatalog"/> under BenchmarkDotNet; each subclass names a group of them.</summary>
public abstract class SpeedCaseBenchmarks : IDisposable
{
    private static readonly SpeedCatalog Catalog = new(Environment.ProcessorCount);
    private readonly string[] groups;
    private SpeedBackends? backends;
    private ISpeedCase? speedCase;

    /// <summary>Chooses the cases.</summary>
    /// <param name="groups">What the names of the group's cases begin with.</param>
    protected SpeedCaseBenchmarks(params string[] groups) => this.groups = groups;

    /// <summary>Names of the group's cases.</summary>
    public IEnumerable<string> Cases => Catalog.Entries
        .Select(entry => entry.Name)
        .Where(name => groups.Any(group => name.StartsWith(group, StringComparison.Ordinal)));

    /// <summary>Name of the case.</summary>
    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = string.Empty;

    /// <summary>Prepares the case.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        backends = new SpeedBackends();
        speedCase = Catalog.Find(Case).Create(backends);
    }

    /// <summary>Runs it once.</summary>
    [Benchmark]
    public void Run() => speedCase!.Run();

    /// <summary>Lets go of it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the case.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            speedCase?.Dispose();
            backends?.Dispose();
        }
    }
}
