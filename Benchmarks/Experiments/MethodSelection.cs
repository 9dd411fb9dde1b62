namespace FlowRatio.Benchmarks.Experiments;

/// <summary>The methods of one experiment, in the order in which they were named.</summary>
public sealed class MethodSelection
{
    /// <summary>Name of the probabilistic classifier.</summary>
    public const string ClassifierName = "classifier";

    private MethodSelection(IReadOnlyList<string> names, IReadOnlyList<RatioMethod> flow, IReadOnlyList<TimeScoreMethod> timeScores)
    {
        Names = names;
        Flow = flow;
        TimeScores = timeScores;
    }

    /// <summary>Names of all methods that there are.</summary>
    public static IReadOnlyList<string> KnownNames =>
        [.. RatioMethod.All.Select(method => method.Name), .. TimeScoreMethod.All.Select(method => method.Name), ClassifierName];

    /// <summary>Names of the selected methods.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Methods that share one trained flow.</summary>
    public IReadOnlyList<RatioMethod> Flow { get; }

    /// <summary>Baselines with a training each.</summary>
    public IReadOnlyList<TimeScoreMethod> TimeScores { get; }

    /// <summary>Whether the classifier is among them.</summary>
    public bool HasClassifier => Names.Contains(ClassifierName);

    /// <summary>Finds methods by name.</summary>
    /// <param name="names">Comma-separated names.</param>
    /// <exception cref="ArgumentException">Unknown name, or none.</exception>
    public static MethodSelection Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] wanted = [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        string known = string.Join(", ", KnownNames);
        if (wanted.Length == 0)
        {
            throw new ArgumentException($"--methods is empty; there are: {known}.");
        }

        List<RatioMethod> flow = [];
        List<TimeScoreMethod> timeScores = [];
        foreach (string name in wanted)
        {
            if (RatioMethod.All.FirstOrDefault(method => method.Name == name) is { } ratio)
            {
                flow.Add(ratio);
            }
            else if (name != ClassifierName)
            {
                timeScores.Add(TimeScoreMethod.All.FirstOrDefault(method => method.Name == name)
                    ?? throw new ArgumentException($"--methods: '{name}' is unknown; there are: {known}."));
            }
        }

        return new MethodSelection(wanted, flow, timeScores);
    }
}
