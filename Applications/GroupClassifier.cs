using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications;

/// <summary>Log-odds of two groups of cells by cross-fitted classifiers: the yardstick of the flow's log-ratios.</summary>
public sealed record GroupClassifier
{
    /// <summary>Training of each classifier.</summary>
    public ClassifierTrainingOptions Training { get; init; } = new();

    /// <summary>Folds: no cell is scored by a classifier that has seen it.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>
    /// Cross-fittings with other folds, whose log-odds are averaged: with a few hundred cells where a classifier stops decides how large its log-odds
    /// are, by a fifth and more from one to the next.
    /// </summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Cells that either group must have.</summary>
    public int FewestCells => 2 * Folds;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(Folds, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Repeats, 1);
    }

    /// <summary>Cross-fitted log-odds (nats) of the first group against the second, for the rows of both; the mean over repeats.</summary>
    /// <param name="data">All cells.</param>
    /// <param name="rows">The cells of both groups.</param>
    /// <param name="isNumerator">Whether each of them is in the first group.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="cancellation">Stops the trainings.</param>
    public double[] LogOdds(TrainingSet data, int[] rows, bool[] isNumerator, ComputeBackend backend, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(isNumerator);
        TrainingSet groups = new(
            data.Select(rows).Points,
            data.Dimension,
            new ConditionVocabulary(new CovariateVocabulary("group", ["control", "treated"])),
            [isNumerator.Select(label => label ? 1 : 0).ToArray()]);
        double[] means = new double[rows.Length];
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            ClassifierTrainingOptions training = Training with { Seed = RepeatedSeed.Of(Training.Seed, repeat) };
            double[] odds = CrossFitting.Run(groups, 0, Folds, training, backend, null, cancellation).LogRatios(1, 0);
            for (int i = 0; i < means.Length; i++)
            {
                means[i] += odds[i] / Repeats;
            }
        }

        return means;
    }
}
