using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Data;

namespace FlowRatio.Training;

/// <summary>
/// Log-odds of a classifier for the rows it is asked about, but never trained on: rows are dealt to folds, and each fold is scored by a
/// classifier of all others. Scores of training rows would partly repeat their own labels.
/// </summary>
public sealed class CrossFitting
{
    private readonly double[] scores;

    private CrossFitting(double[] scores, int classes, double logLoss, IReadOnlyList<ClassifierTrainingResult> trainings)
    {
        this.scores = scores;
        Classes = classes;
        HeldOutLogLoss = logLoss;
        Trainings = trainings;
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Log-loss of all rows under the classifiers that did not see them, in nats.</summary>
    public double HeldOutLogLoss { get; }

    /// <summary>The training of each fold.</summary>
    public IReadOnlyList<ClassifierTrainingResult> Trainings { get; }

    /// <summary>Trains a classifier per fold and scores the fold's rows.</summary>
    /// <param name="data">The data.</param>
    /// <param name="covariate">The covariate whose categories are the classes.</param>
    /// <param name="folds">Number of folds, at least 2; every class needs as many rows and two more.</param>
    /// <param name="options">How to train; null for the defaults. Fold i trains with seed Seed + i.</param>
    /// <param name="backend">Where to compute; null for a CPU backend that is disposed at the end.</param>
    /// <param name="progress">Told as trainings go on: share of the whole.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a class has too few rows.</exception>
    /// <exception cref="TrainingDivergedException">A held-out log-loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CrossFitting Run(
        TrainingSet data,
        int covariate = 0,
        int folds = 5,
        ClassifierTrainingOptions? options = null,
        ComputeBackend? backend = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(covariate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(covariate, data.Vocabulary.Covariates.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        options ??= new ClassifierTrainingOptions();
        if (backend is not null)
        {
            return RunOn(backend, data, covariate, folds, options, progress, cancellation);
        }

        using var own = new CpuBackend();
        return RunOn(own, data, covariate, folds, options, progress, cancellation);
    }

    /// <summary>log p(x | numerator) - log p(x | denominator) of every row in nats, by a classifier that has not seen the row.</summary>
    /// <param name="numerator">Class above the line.</param>
    /// <param name="denominator">Class below the line.</param>
    public double[] LogRatios(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(numerator, Classes);
        ArgumentOutOfRangeException.ThrowIfNegative(denominator);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(denominator, Classes);
        double[] ratios = new double[scores.Length / Classes];
        for (int r = 0; r < ratios.Length; r++)
        {
            ratios[r] = scores[(r * Classes) + numerator] - scores[(r * Classes) + denominator];
        }

        return ratios;
    }

    private static CrossFitting RunOn(
        ComputeBackend backend,
        TrainingSet data,
        int covariate,
        int folds,
        ClassifierTrainingOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        int classes = data.Vocabulary.Sizes[covariate];
        int[] assigned = StratifiedFolds.Assign(data.Categories(covariate), folds, options.Seed, data.Copies);
        double[] scores = new double[data.Rows * classes];
        double logLoss = 0;
        var trainings = new ClassifierTrainingResult[folds];
        for (int fold = 0; fold < folds; fold++)
        {
            int number = fold;
            int[] scored = [.. Enumerable.Range(0, data.Rows).Where(r => assigned[r] == number)];
            if (scored.Length == 0)
            {
                throw new ArgumentException($"data has {data.Rows} rows; {folds} folds need more.", nameof(data));
            }

            // Folds must not share a split or a shuffle of row numbers that mean other rows; hence a seed each.
            ClassifierTrainingResult training = ClassifierTrainer.Train(
                data.Select([.. Enumerable.Range(0, data.Rows).Where(r => assigned[r] != number)]),
                covariate,
                options with { Seed = options.Seed + (ulong)fold },
                backend,
                progress is null ? null : new PartialProgress(progress, fold, folds),
                cancellation);
            trainings[fold] = training;
            TrainingSet part = data.Select(scored);
            using var estimator = new ClassifierEstimator(training.Model, backend);
            double[] logits = estimator.Logits<double>(part.ToUnits(), cancellation);
            logLoss += scored.Length * LogLoss.Mean(logits, part.Categories(covariate));
            for (int i = 0; i < scored.Length; i++)
            {
                for (int c = 0; c < classes; c++)
                {
                    scores[(scored[i] * classes) + c] = logits[(i * classes) + c] - Math.Log(training.Model.ClassShares[c]);
                }
            }
        }

        return new CrossFitting(scores, classes, logLoss / data.Rows, trainings);
    }
}
