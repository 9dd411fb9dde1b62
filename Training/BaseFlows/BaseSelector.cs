using System.Globalization;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Training.BaseFlows;

/// <summary>
/// Chooses a base. One whose marginals are not those of rows that it was not fitted to has the wrong form and is left (<see cref="MarginalFit"/>): it
/// spoils the tails, which losses hardly show, and networks on top of it are slow to mend that. The others are compared by short pilot trainings, judged
/// on rows that none of them saw by two numbers: the flow-matching loss, and how well the log-ratios predict the rows' conditions. From the simplest
/// candidate on, a Gaussian is taken when its flow loss is clearly lower and its label loss not higher. A mixture, or a product of mixtures where
/// coordinates are independent (<see cref="IndependentBlocks"/>), always gains density by its flexibility, on real cells without better ratios; it is taken
/// when its label loss is clearly lower and its flow loss not higher, or when both are lower and the flow loss clearly (with one condition, when its flow
/// loss is clearly lower).
/// </summary>
/// <remarks>
/// Training without a base begins further off and catches up, so after few steps every base looks better than it is. The pilot without one
/// therefore has two and a half times the steps: a base is taken only if it is ahead all the same. A base shared by all conditions is no
/// candidate: it bends each condition's field towards the others where that condition has no rows, which ruins ratios far from the
/// data, and held-out rows cannot show it (docs/numerics.md).
/// </remarks>
public static class BaseSelector
{
    private const double JudgedShare = 0.15;

    // Label losses of good candidates differ by a few thousandths of a nat; with so many rows that is several standard errors.
    private const int MostJudgedRows = 5000;

    private const int MostConditions = 6;
    private const int FlowBatches = 40;
    private const int FewestPilotSteps = 300;
    private const int MostPilotSteps = 2000;
    private const double PilotShare = 0.1;
    private const double MoreStepsWithoutBase = 2.5;

    // In standard errors of paired differences. Where a base is right, its flow loss is lower by ten of them and more; where it is lower by two, the
    // networks alone overtake it before the full training ends.
    private const double BetterFlow = -4;

    // A mixture needs labels that are better, and more so the less its flow loss agrees: by 1.5 where that is higher by one, by 0.5 where it is lower by
    // three. On real cells a mixture that does not help has a label loss that is higher.
    private const double BetterLabel = -0.5;
    private const double BetterBoth = -1.25;
    private const double ShareOfFlow = 0.25;
    private const double WorseFlow = 1;
    private const double WorseLabel = 2;

    // Nats per row: where labels are almost certain, losses of a few ten-thousandths differ by chance and matter to nobody.
    private const double MaterialLabel = 0.002;

    // The loss of a row whose log-ratios are not finite: worse than any real one.
    private const double LossOfFailure = 50;

    // Rows and path samples for judging are other ones than those of training and validation.
    private const ulong SeedOffset = 0x9E3779B97F4A7C15;

    private static readonly BaseKind[] Kinds = [BaseKind.None, BaseKind.Gaussian, BaseKind.Mixture, BaseKind.Factors];

    /// <summary>Chooses.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="data">All training data.</param>
    /// <param name="options">How the model will be trained.</param>
    /// <param name="progress">Told every few steps of each pilot.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">Too few rows.</exception>
    public static (BaseChoice Choice, BaseSelection Record) Choose(
        ComputeBackend backend,
        TrainingSet data,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        RowSplit split = RowSplit.Create(data, JudgedShare, options.Seed + SeedOffset);
        TrainingSet rows = data.Select(split.Kept), judges = data.Select(split.HeldOut);
        int least = Math.Clamp((int)(options.Steps * PilotShare), FewestPilotSteps, MostPilotSteps);
        List<BaseCandidate> candidates = [];
        (BaseChoice Choice, PairedScores Scores, string Summary)? best = null;
        List<string> seen = [];
        TrainingSet? judgesInNetwork = null;
        int Steps(BaseKind kind) => Math.Min(options.Steps, kind == BaseKind.None ? (int)(MoreStepsWithoutBase * least) : least);
        int after = options.Steps + Kinds.Sum(Steps);
        bool isGaussian = true;
        IReadOnlyList<int[]>? blocks = null;
        foreach (BaseKind kind in Kinds)
        {
            var choice = new BaseChoice(kind);
            int steps = Steps(kind);
            after -= steps;

            if (kind == BaseKind.Factors)
            {
                // Where Gaussians have the rows' marginals, factors have little to add to them, and many of them take long to fit.
                blocks = isGaussian ? null : IndependentBlocks.Of(rows);
                if (blocks is null or { Count: 1 })
                {
                    continue;
                }
            }

            TrainingOptions pilot = options with
            {
                Base = choice, Steps = steps, ValidationInterval = steps, Patience = null, FewestRowsPerCategory = 0, IsPilot = true, Blocks = blocks,
            };
            using var training = new FlowTraining(backend, rows, pilot, cancellation: cancellation);
            string summary = training.Base?.Summary ?? "no base";
            if (seen.Contains(summary))
            {
                continue;
            }

            seen.Add(summary);

            // All pilots train on the same rows, and so have the same map.
            judgesInNetwork ??= judges.Transform(training.Standardization);
            if (training.Base is { } fitted)
            {
                MarginalFit worst = MarginalFit.Worst(fitted, judgesInNetwork);
                if (!worst.IsGood)
                {
                    isGaussian &= kind != BaseKind.Gaussian;
                    candidates.Add(new BaseCandidate(choice.ToString(), summary, 0, null, null, Verdict(worst, data.Vocabulary)));
                    continue;
                }
            }

            while (!training.IsComplete)
            {
                cancellation.ThrowIfCancellationRequested();
                training.Advance();
                if (training.HasReport)
                {
                    progress?.Report(training.Progress with
                    {
                        Pilot = choice.ToString(), StepsBefore = candidates.Sum(candidate => candidate.Steps), StepsAfter = after,
                    });
                }
            }

            PairedScores scores = Judge(backend, training.Result().Model, judges, judgesInNetwork, pilot, cancellation);
            (bool isTaken, string verdict) = best is { } incumbent
                ? Compare(kind, scores, incumbent.Scores, incumbent.Choice)
                : (true, "the simplest");
            if (isTaken)
            {
                best = (choice, scores, summary);
            }

            candidates.Add(new BaseCandidate(
                choice.ToString(), summary, steps, scores.Flow.Average(), scores.Label.Length == 0 ? null : scores.Label.Average(), verdict));
        }

        return (best!.Value.Choice, new BaseSelection(best.Value.Choice.ToString(), judges.Rows, candidates) { Blocks = blocks });
    }

    private static string Verdict(MarginalFit worst, ConditionVocabulary vocabulary)
    {
        IEnumerable<string> names = vocabulary.Covariates.Zip(
            worst.Condition.Categories, (covariate, category) => category == Condition.Dropped ? "any" : covariate.Categories[category]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"left: coordinate {worst.Coordinate + 1} of {string.Join(" + ", names)} is {worst.Distance:F3} off (Kolmogorov-Smirnov), more than {worst.Allowed:F3}");
    }

    /// <summary>Whether a mixture is taken, by the differences of its losses to those without it in standard errors.</summary>
    internal static bool IsBetterByLabel(double flow, double label) =>
        label < BetterLabel && flow < WorseFlow && label + (ShareOfFlow * flow) < BetterBoth;

    private static (bool IsTaken, string Verdict) Compare(BaseKind kind, PairedScores scores, PairedScores incumbent, BaseChoice name)
    {
        double flow = PairedScores.Difference(scores.Flow, incumbent.Flow), label = PairedScores.Difference(scores.Label, incumbent.Label);
        bool isLabelWorse = label > WorseLabel && scores.Label.Average() - incumbent.Label.Average() > MaterialLabel;
        bool isDensityEnough = scores.Label.Length == 0 || kind == BaseKind.Gaussian;
        bool isTaken = (isDensityEnough && flow < BetterFlow && !isLabelWorse)
            || IsBetterByLabel(flow, label);
        string than = $"{(isTaken ? "taken" : "left")}: against {name} the flow loss differs by {flow:+0.0;-0.0} standard errors";
        return (isTaken, scores.Label.Length == 0 ? than : $"{than}, the label loss by {label:+0.0;-0.0}");
    }

    private static PairedScores Judge(
        ComputeBackend backend, FlowModel model, TrainingSet judges, TrainingSet judgesInNetwork, TrainingOptions options, CancellationToken cancellation)
    {
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        IReadOnlyList<double> drops = options.DropProbabilities(model.Network.Shape.Covariates.Count);
        using var objective = new FlowMatchingObjective(
            backend,
            model.Network,
            judgesInNetwork,
            options.SampledSchedule,
            drops,
            Math.Min(options.BatchSize, judges.Rows),
            options.Seed + SeedOffset,
            model.Base);
        double[] flow = new double[FlowBatches];
        for (int batch = 0; batch < FlowBatches; batch++)
        {
            objective.Forward(parameters, batch);
            flow[batch] = objective.Loss.Total;
        }

        return new PairedScores(flow, LabelLosses(backend, model, judges, options.Seed, cancellation));
    }

    /// <summary>-log p(condition | x) of rows of the most frequent conditions.</summary>
    private static double[] LabelLosses(
        ComputeBackend backend, FlowModel model, TrainingSet judges, ulong seed, CancellationToken cancellation)
    {
        var groups = new ConditionRows(judges);
        Condition[] conditions = [.. groups.Observed.OrderByDescending(condition => groups[condition].Length).Take(MostConditions)];

        // With continuous covariates hardly two rows share a condition, and there is no label to predict.
        if (conditions.Length < 2 || judges.Vocabulary.Continuous.Length > 0)
        {
            return [];
        }

        (int Row, int Label)[] rows =
        [
            .. conditions.SelectMany((condition, label) => groups[condition].Select(row => (row, label))).OrderBy(entry => entry.row),
        ];
        int stride = Math.Max(1, rows.Length / MostJudgedRows);
        rows = [.. rows.Where((_, i) => i % stride == 0)];
        double all = conditions.Sum(condition => groups[condition].Length);
        double[] frequencies = [.. conditions.Select(condition => Math.Log(groups[condition].Length / all))];
        using var estimator = new LogRatioEstimator(
            model, new EstimationOptions { Field = SimulatingField.Midpoint, Steps = 10, Seed = seed, Overlap = OverlapDiagnostic.Off }, backend);
        IReadOnlyList<EstimationResult> ratios = estimator.EstimateTable<double>(
            judges.Select([.. rows.Select(entry => entry.Row)]).ToUnits(), conditions[0], conditions[1..], cancellation: cancellation);
        double[] losses = new double[rows.Length];
        double[] logits = new double[conditions.Length];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int c = 0; c < logits.Length; c++)
            {
                logits[c] = frequencies[c] - (c == 0 ? 0 : ratios[c - 1].Values[r]);
            }

            double largest = logits.Max();
            double loss = largest + Math.Log(logits.Sum(value => Math.Exp(value - largest))) - logits[rows[r].Label];
            losses[r] = double.IsFinite(loss) ? Math.Min(loss, LossOfFailure) : LossOfFailure;
        }

        return losses;
    }
}
