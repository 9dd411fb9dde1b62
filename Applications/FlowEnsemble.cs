using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications;

/// <summary>Flows of one data set, trained with different seeds; a log-ratio is the mean of theirs.</summary>
public sealed class FlowEnsemble
{
    private readonly IReadOnlyList<FlowModel> models;
    private readonly FlowSettings settings;
    private readonly ComputeBackend backend;

    private FlowEnsemble(IReadOnlyList<FlowModel> models, FlowSettings settings, ComputeBackend backend)
    {
        this.models = models;
        this.settings = settings;
        this.backend = backend;
    }

    /// <summary>Names of conditions.</summary>
    public ConditionVocabulary Vocabulary => models[0].Vocabulary;

    /// <summary>The flows.</summary>
    public IReadOnlyList<FlowModel> Models => models;

    /// <summary>Trains the flows.</summary>
    /// <param name="data">The data.</param>
    /// <param name="settings">How.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="progress">Told the share of all steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    public static FlowEnsemble Train(
        TrainingSet data,
        FlowSettings settings,
        ComputeBackend backend,
        IProgress<ApplicationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        var models = new FlowModel[settings.Members];
        for (int i = 0; i < models.Length; i++)
        {
            TrainingOptions options = settings.Training with { Seed = RepeatedSeed.Of(settings.Training.Seed, i) };
            models[i] = settings.BaseAlone
                ? BaseModel.Fit(data, options, backend.HostThreads, cancellation)
                : FlowTrainer.Train(data, options, backend, progress is null ? null : new Steps(progress, i, models.Length), cancellation).Model;
        }

        return new FlowEnsemble(models, settings, backend);
    }

    /// <summary>log p(x | numerator) - log p(x | denominator) in nats, mean over the flows that have a value; NaN where none has.</summary>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominator">The condition below the line.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    public double[] LogRatios(float[] points, Condition numerator, Condition denominator, CancellationToken cancellation = default) =>
        LogRatios(points, numerator, [denominator], cancellation)[0];

    /// <summary>The same against several denominators in one solve.</summary>
    /// <param name="points">Row-major <c>[n, d]</c>.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominators">The conditions below the line.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <returns>One array per denominator.</returns>
    public IReadOnlyList<double[]> LogRatios(
        float[] points, Condition numerator, IReadOnlyList<Condition> denominators, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(denominators);
        int rows = points.Length / models[0].Network.Shape.Dimension;
        double[][] sums = [.. denominators.Select(_ => new double[rows])];
        int[] counts = new int[rows];
        foreach (FlowModel model in models)
        {
            double[][] results = Estimate(model, points, numerator, denominators, cancellation);
            for (int r = 0; r < rows; r++)
            {
                if (results.Any(values => !double.IsFinite(values[r])))
                {
                    continue;
                }

                counts[r]++;
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i][r] += results[i][r];
                }
            }
        }

        foreach (double[] sum in sums)
        {
            for (int r = 0; r < rows; r++)
            {
                sum[r] /= counts[r];
            }
        }

        return sums;
    }

    private double[][] Estimate(
        FlowModel model, float[] points, Condition numerator, IReadOnlyList<Condition> denominators, CancellationToken cancellation)
    {
        if (ClosedRatio.IsKnown(model))
        {
            return ClosedRatio.Of(model, points, numerator, denominators, backend.HostThreads, cancellation);
        }

        using var estimator = new LogRatioEstimator(model, settings.Estimation, backend);
        return [.. estimator.EstimateTable(points, numerator, denominators, cancellation: cancellation).Select(result => result.Values.ToArray())];
    }

    private sealed class Steps(IProgress<ApplicationProgress> progress, int part, int parts) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            progress.Report(new ApplicationProgress("training flows", (part + value.Share) / parts));
    }
}
