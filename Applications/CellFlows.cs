using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications;

/// <summary>Flows that score the cells they were made from: one for all, or one per fold that has not seen the fold's cells.</summary>
public sealed class CellFlows
{
    private readonly TrainingSet data;
    private readonly FlowEnsemble[] flows;
    private readonly int[] folds;

    private CellFlows(TrainingSet data, FlowEnsemble[] flows, int[] folds)
    {
        this.data = data;
        this.flows = flows;
        this.folds = folds;
    }

    /// <summary>Names of conditions.</summary>
    public ConditionVocabulary Vocabulary => data.Vocabulary;

    /// <summary>Trains the flows; folds have equal shares of every combination of covariates.</summary>
    /// <param name="data">The cells.</param>
    /// <param name="settings">How; its folds decide the number of flows.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    /// <param name="progress">Told the share of all steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    public static CellFlows Train(
        TrainingSet data,
        FlowSettings settings,
        ComputeBackend backend,
        IProgress<ApplicationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();

        // Trained and scored on the same cells: what all of them have in common may go.
        data = data.WithPoints(data.Points, data.Dimension);
        if (settings.Folds == 1)
        {
            return new CellFlows(data, [FlowEnsemble.Train(data, settings, backend, progress, cancellation)], new int[data.Rows]);
        }

        int[] folds = StratifiedFolds.Assign(Groups(data), settings.Folds, settings.Training.Seed, data.Copies);
        var flows = new FlowEnsemble[settings.Folds];
        for (int fold = 0; fold < flows.Length; fold++)
        {
            int[] kept = [.. Enumerable.Range(0, data.Rows).Where(r => folds[r] != fold)];
            flows[fold] = FlowEnsemble.Train(
                data.Select(kept), settings, backend, progress is null ? null : new Part(progress, fold, flows.Length), cancellation);
        }

        return new CellFlows(data, flows, folds);
    }

    /// <summary>log p(x | numerator) - log p(x | denominator) of some cells in nats.</summary>
    /// <param name="cells">Numbers of the cells.</param>
    /// <param name="numerator">The condition above the line.</param>
    /// <param name="denominator">The condition below the line.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    public double[] LogRatios(
        IReadOnlyList<int> cells, Condition numerator, Condition denominator, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        double[] ratios = new double[cells.Count];
        foreach (IGrouping<int, int> part in Enumerable.Range(0, cells.Count).GroupBy(i => folds[cells[i]]))
        {
            int[] own = [.. part];
            float[] points = data.Select([.. own.Select(i => cells[i])]).Points.ToArray();
            double[] values = flows[part.Key].LogRatios(points, numerator, denominator, cancellation);
            for (int i = 0; i < own.Length; i++)
            {
                ratios[own[i]] = values[i];
            }
        }

        return ratios;
    }

    /// <summary>One number per combination of categories.</summary>
    private static int[] Groups(TrainingSet data)
    {
        int[] groups = new int[data.Rows];
        for (int i = 0; i < data.Vocabulary.Covariates.Length; i++)
        {
            for (int r = 0; r < groups.Length; r++)
            {
                groups[r] = (groups[r] * (data.Vocabulary.Sizes[i] + 1)) + data.Categories(i)[r] + 1;
            }
        }

        return groups;
    }

    private sealed class Part(IProgress<ApplicationProgress> whole, int part, int parts) : IProgress<ApplicationProgress>
    {
        public void Report(ApplicationProgress value) => whole.Report(value with { Share = (part + value.Share) / parts });
    }
}
