namespace FlowRatio.Applications.BatchEffect;

/// <summary>A measurement of batch effects.</summary>
public sealed record BatchEffectOptions
{
    /// <summary>Training and integration; the batch is dropped with <see cref="BatchDrop"/>, the type never.</summary>
    public FlowSettings Flow { get; init; } = new();

    /// <summary>Probability of dropping the batch in training, which teaches the flow p(x | type).</summary>
    public double BatchDrop { get; init; } = 0.2;

    /// <summary>Share of the cells that are scored and not trained on, the same in every type and batch.</summary>
    public double HeldOut { get; init; } = 0.3;

    /// <summary>Permutations of the scored cells' batch labels within types; they need no training.</summary>
    public int Permutations { get; init; } = 999;

    /// <summary>Trainings with batch labels permuted within types, which show the score of no effect.</summary>
    public int NullTrainings { get; init; } = 2;

    /// <summary>Seed of the split and the permutations.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Flow.Validate();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchDrop);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(BatchDrop, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HeldOut);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HeldOut, 0.5);
        ArgumentOutOfRangeException.ThrowIfLessThan(Permutations, 19);
        ArgumentOutOfRangeException.ThrowIfNegative(NullTrainings);
    }
}
