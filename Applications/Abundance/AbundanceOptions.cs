using FlowRatio.Training;

namespace FlowRatio.Applications.Abundance;

/// <summary>A run of the semi-synthetic protocol.</summary>
public sealed record AbundanceOptions
{
    /// <summary>Levels r; the published eight.</summary>
    public IReadOnlyList<double> Levels { get; init; } = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5];

    /// <summary>Levels above this one are averaged: the published mean is over 1/2 + r greater than 0.8.</summary>
    public double HighAbove { get; init; } = 0.3;

    /// <summary>One draw of labels and one training per seed.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Methods by name, of <see cref="AbundanceMethod.All"/>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = AbundanceMethod.All;

    /// <summary>Training and integration of the flow; the seed is added to that of the draw.</summary>
    public FlowSettings Flow { get; init; } = new();

    /// <summary>Training of the classifier.</summary>
    public ClassifierTrainingOptions Classifier { get; init; } = new();

    /// <summary>Folds of the cross-fitted classifier.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Neighbours whose labels are counted.</summary>
    public int Neighbors { get; init; } = 50;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (Levels.Count == 0 || Levels.Any(level => !(level >= 0 && level <= 0.5)) || Levels.Distinct().Count() != Levels.Count)
        {
            throw new ArgumentException($"Levels is ({string.Join(", ", Levels)}); different numbers from 0 to 0.5 are needed.");
        }

        if (Seeds.Count == 0 || Seeds.Distinct().Count() != Seeds.Count)
        {
            throw new ArgumentException($"Seeds is ({string.Join(", ", Seeds)}); different numbers are needed.");
        }

        if (Methods.Count == 0)
        {
            throw new ArgumentException($"Methods is empty; there are: {string.Join(", ", AbundanceMethod.All)}.");
        }

        if (Methods.FirstOrDefault(method => !AbundanceMethod.All.Contains(method)) is { } unknown)
        {
            throw new ArgumentException($"Method '{unknown}' is unknown; there are: {string.Join(", ", AbundanceMethod.All)}.");
        }

        Flow.Validate();
        Classifier.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(Folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 1);
    }
}
