namespace FlowRatio.Applications.Combination;

/// <summary>A run over pairs of treatments.</summary>
public sealed record CombinationOptions
{
    /// <summary>Training and integration; by default two folds, so that no cell is scored by a flow that has seen it.</summary>
    public FlowSettings Flow { get; init; } = new() { Folds = 2 };

    /// <summary>The classifiers, one per pair.</summary>
    public GroupClassifier Classifier { get; init; } = new();

    /// <summary>Pairs with fewer cells of either group are left out.</summary>
    public int FewestCells { get; init; } = 30;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Flow.Validate();
        Classifier.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(FewestCells, Classifier.FewestCells);
    }
}
