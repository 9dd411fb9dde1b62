namespace FlowRatio.Benchmarks.Experiments;

/// <summary>The methods of one experiment, in the order in which they were named.</summary>
public sealed class MethodSelection
{
    private MethodSelection(IReadOnlyList<string> names, IReadOnlyList<RatioMethod> flow)
    {
        Names = names;
        Flow = flow;
    }

    /// <summary>Names of all methods.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Methods that share one trained flow.</summary>
    public IReadOnlyList<RatioMethod> Flow { get; }

    /// <summary>Finds methods by name.</summary>
    /// <param name="names">Comma-separated names.</param>
    /// <exception cref="ArgumentException">Unknown name, or none.</exception>
    public static MethodSelection Parse(string names)
    {
        IReadOnlyList<RatioMethod> flow = RatioMethod.Parse(names);
        return new MethodSelection([.. flow.Select(method => method.Name)], flow);
    }
}
