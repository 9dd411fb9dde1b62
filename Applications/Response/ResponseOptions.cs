namespace FlowRatio.Applications.Response;

/// <summary>A run over donors.</summary>
public sealed record ResponseOptions
{
    /// <summary>Training and integration; by default two folds, so that no cell is scored by a flow that has seen it.</summary>
    public FlowSettings Flow { get; init; } = new() { Folds = 2 };

    /// <summary>The classifiers, one per donor.</summary>
    public GroupClassifier Classifier { get; init; } = new();

    /// <summary>Groups of a donor with fewer treated cells have no summary.</summary>
    public int FewestCells { get; init; } = 10;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Flow.Validate();
        Classifier.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(FewestCells, 1);
    }
}
