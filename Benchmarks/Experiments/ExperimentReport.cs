namespace FlowRatio.Benchmarks.Experiments;

/// <summary>The JSON of an experiment (docs/experiments.md): log-ratios in nats, times in seconds.</summary>
/// <param name="Experiment">Name of the command.</param>
/// <param name="Options">All options with their values.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Train">The training.</param>
/// <param name="Methods">One entry per method.</param>
/// <param name="Truth">What is known exactly.</param>
public sealed record ExperimentReport(
    string Experiment,
    IReadOnlyDictionary<string, object?> Options,
    string Device,
    TrainReport Train,
    IReadOnlyList<MethodReport> Methods,
    IReadOnlyDictionary<string, object?> Truth)
{
    /// <summary>Writes the report; the file is complete or absent.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => JsonFile.Write(path, this);
}
