using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>A set of ideas that is switched on, or a method that is none of ours, by its name on the command line.</summary>
public sealed class AccuracyVariant
{
    private readonly Func<ExperimentOptions, ExperimentOptions> change;

    private AccuracyVariant(string name, string meaning, Func<ExperimentOptions, ExperimentOptions> change)
    {
        Name = name;
        Meaning = meaning;
        this.change = change;
    }

    /// <summary>Where every idea starts from: the published method at our sizes.</summary>
    public const string Plain = "plain";

    /// <summary>The defaults of the commands.</summary>
    public const string Recommended = "recommended";

    /// <summary>All variants.</summary>
    public static IReadOnlyList<AccuracyVariant> All { get; } =
    [
        new(Plain, "none of the ideas: batch 512, narrow condition codes", options => Without(options)),
        new("code", "condition code of 128 instead of 32", options => WithCode(Without(options))),
        new("batch", "twice the steps of half the rows", options => WithHalfBatch(Without(options))),
        new(Recommended, "the defaults of the commands", options => options),
        Baseline("tsm", "time score matching"),
        Baseline("ctsm", "conditional time score matching"),
        Baseline("ctsmv", "conditional time score matching, vector-valued"),
        Baseline(MethodSelection.ClassifierName, "probabilistic classifier, early stopping, best of two widths"),
    ];

    /// <summary>Name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it switches on, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>Whether it is a method that is not ours.</summary>
    public bool IsBaseline { get; private init; }

    /// <summary>Finds variants by name.</summary>
    /// <param name="names">Comma-separated names; "all" for all, "ideas" for ours, "baselines" for the others.</param>
    /// <exception cref="ArgumentException">Unknown name, or none.</exception>
    public static IReadOnlyList<AccuracyVariant> Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string known = string.Join(", ", All.Select(variant => variant.Name));
        return wanted.Length == 0
            ? throw new ArgumentException($"--variants is empty; there are: {known}.")
            :
            [
                .. wanted.SelectMany(name => name switch
                {
                    "all" => All,
                    "ideas" => All.Where(variant => !variant.IsBaseline),
                    "baselines" => All.Where(variant => variant.IsBaseline),
                    _ => [All.FirstOrDefault(variant => variant.Name == name)
                        ?? throw new ArgumentException($"--variants: '{name}' is unknown; there are: {known}, and all, ideas, baselines.")],
                }).Distinct(),
            ];
    }

    /// <summary>The options of a training of this variant.</summary>
    /// <param name="options">Sizes and seeds of the study.</param>
    public ExperimentOptions Apply(ExperimentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return change(options);
    }

    private static AccuracyVariant Baseline(string name, string meaning) =>
        new(name, meaning, options => options with { Methods = MethodSelection.Parse(name) }) { IsBaseline = true };

    private static ExperimentOptions Without(ExperimentOptions options) => options;

    private static ExperimentOptions WithCode(ExperimentOptions options) => options;

    private static ExperimentOptions WithHalfBatch(ExperimentOptions options) => options;
}
