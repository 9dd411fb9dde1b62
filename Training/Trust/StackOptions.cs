namespace FlowRatio.Training.Trust;

/// <summary>How a <see cref="RatioStack"/> is fitted.</summary>
public sealed record StackOptions
{
    /// <summary>Most rows to fit with: of more a random part, with every class in its share.</summary>
    public int MostRows { get; init; } = 20_000;

    /// <summary>Whether rows are stored with the model, for neighbours.</summary>
    public bool StoresRows { get; init; } = true;

    /// <summary>Threads; 0 takes one per processor. Results do not depend on them.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MostRows, 2 * FoldTable.Folds);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}
