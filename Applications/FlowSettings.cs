using FlowRatio.Engine.Estimation;
using FlowRatio.Training;

namespace FlowRatio.Applications;

/// <summary>How an application trains flows and estimates log-ratios with them.</summary>
public sealed record FlowSettings
{
    /// <summary>Training of each flow.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Integration of log-ratios.</summary>
    public EstimationOptions Estimation { get; init; } = new();

    /// <summary>Flows trained with different seeds, whose log-ratios are averaged: the part of the error that training makes shrinks.</summary>
    public int Members { get; init; } = 1;

    /// <summary>
    /// Folds of cross-fitting: every cell is scored by flows that have not seen it. With 1, cells are scored by the flow they trained, which
    /// partly repeats their own labels; so were the published ones.
    /// </summary>
    public int Folds { get; init; } = 1;

    /// <summary>Whether a flow is its base alone, without networks above it.</summary>
    public bool BaseAlone { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Training);
        ArgumentNullException.ThrowIfNull(Estimation);
        Training.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(Members, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Folds, 1);
    }
}
