using FlowRatio.Training;

namespace FlowRatio.Applications.Response;

/// <summary>A run over donors.</summary>
public sealed record ResponseOptions
{
    /// <summary>Training and integration; by default two folds, so that no cell is scored by a flow that has seen it.</summary>
    public FlowSettings Flow { get; init; } = new() { Folds = 2 };

    /// <summary>Training of the classifiers, one per donor.</summary>
    public ClassifierTrainingOptions Classifier { get; init; } = new();

    /// <summary>Folds of the cross-fitted classifiers.</summary>
    public int ClassifierFolds { get; init; } = 5;

    /// <summary>
    /// Cross-fittings with other folds, whose log-odds are averaged: with a few hundred cells where a classifier stops decides how large its log-odds
    /// are, by a fifth and more from one to the next.
    /// </summary>
    public int ClassifierRepeats { get; init; } = 5;

    /// <summary>Groups of a donor with fewer treated cells have no summary.</summary>
    public int FewestCells { get; init; } = 10;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Flow.Validate();
        Classifier.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(ClassifierFolds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClassifierRepeats, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FewestCells, 1);
    }
}
