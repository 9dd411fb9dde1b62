namespace FlowRatio.Benchmarks.Stability;

/// <summary>One training of the stability study.</summary>
/// <param name="Dimension">d, columns that say nothing apart.</param>
/// <param name="Rows">Rows of both classes together.</param>
/// <param name="Imbalance">Rows of the second class for one of the first.</param>
/// <param name="Shape">What is awkward about the table.</param>
/// <param name="Seed">Seed of data and training.</param>
public sealed record StabilityCell(int Dimension, int Rows, int Imbalance, StabilityShape Shape, int Seed)
{
    /// <summary>Rows of the first class.</summary>
    public int FirstRows => Rows / (Imbalance + 1);

    /// <summary>Name for people and files.</summary>
    public string Name => $"{Shape}-d{Dimension}-n{Rows}-1to{Imbalance}-s{Seed}".ToLowerInvariant();

    /// <summary>Settings as numbers, one per factor.</summary>
    public int[] Levels => [Dimension, Rows, Imbalance, (int)Shape, Seed];
}
