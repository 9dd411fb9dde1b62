using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Experiments.Tasks;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>A pair of distributions of the accuracy study, by its name on the command line.</summary>
public sealed class AccuracyTask
{
    private const double Correlation = 0.8;
    private readonly Func<int, IRatioTask> create;

    private AccuracyTask(string name, string title, IReadOnlyList<int> dimensions, Func<int, IRatioTask> create)
    {
        Name = name;
        Title = title;
        Dimensions = dimensions;
        this.create = create;
    }

    /// <summary>All pairs.</summary>
    public static IReadOnlyList<AccuracyTask> All { get; } =
    [
        new("shift1", "N(0, I) and N(1, I)", [10, 20, 30], dimension => new GaussianTask(dimension, 1)),
        new("shift2", "N(0, I) and N(2, I)", [10, 20, 30], dimension => new GaussianTask(dimension, 2)),
        new("shift4", "N(0, I) and N(4, I)", [10, 30], dimension => new GaussianTask(dimension, 4)),
        new(MutualInformation, "mutual information, correlation 0.8", [20, 40, 80], dimension => new BlockCorrelationTask(dimension, Correlation)),
        new("mixture", "mixtures of three Gaussians", [2, 10, 50], dimension => new MixtureTask(dimension)),
        new("warped", "Gaussians under a nonlinear map", [2, 10, 20], dimension => new WarpedGaussianTask(dimension)),
        new("heavy-tail", "Student t and a Gaussian", [5, 20], dimension => new HeavyTailTask(dimension)),
        new("partial-overlap", "boxes that overlap in part", [2, 10], dimension => new PartialOverlapTask(dimension)),
    ];

    /// <summary>Name of the pair whose numerator's mean log-ratio, the mutual information, is estimated.</summary>
    public const string MutualInformation = "mi";

    /// <summary>Name on the command line.</summary>
    public string Name { get; }

    /// <summary>A few words.</summary>
    public string Title { get; }

    /// <summary>Dimensions of the study.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Whether the densities are Gaussians.</summary>
    public bool IsGaussian => create(Dimensions[0]) is GaussianTask or BlockCorrelationTask;

    /// <summary>Finds tasks by name.</summary>
    /// <param name="names">Comma-separated names; "all", "gaussian" and "other" stand for several.</param>
    /// <exception cref="ArgumentException">Unknown name, or none.</exception>
    public static IReadOnlyList<AccuracyTask> Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string known = string.Join(", ", All.Select(task => task.Name));
        return wanted.Length == 0
            ? throw new ArgumentException($"--tasks is empty; there are: {known}.")
            :
            [
                .. wanted.SelectMany(name => name switch
                {
                    "all" => All,
                    "gaussian" => All.Where(task => task.IsGaussian),
                    "other" => All.Where(task => !task.IsGaussian),
                    _ => [All.FirstOrDefault(task => task.Name == name)
                        ?? throw new ArgumentException($"--tasks: '{name}' is unknown; there are: {known}, and all, gaussian, other.")],
                }).Distinct(),
            ];
    }

    /// <summary>The pair in one dimension.</summary>
    /// <param name="dimension">d.</param>
    /// <exception cref="ArgumentException">The pair does not exist in that dimension.</exception>
    public IRatioTask Create(int dimension)
    {
        try
        {
            return Name == MutualInformation && dimension % 2 != 0
                ? throw new ArgumentException($"--dims: {dimension} is odd; {Name} needs even dimensions.")
                : create(dimension);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ArgumentException($"--dims: {Name} does not exist in dimension {dimension}.");
        }
    }
}
