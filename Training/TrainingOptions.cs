using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training;

/// <summary>How a flow is trained.</summary>
public sealed record TrainingOptions
{
    // Moments are sums in float32: below a thousandth of the mean eigenvalue they are noise.
    private const double SmallestWhitening = 1e-3;
    private const double LargestWhitening = 1000;

    // Patience ends a training before it overfits by much; it does not give back what was learned too soon.
    private const int PatientFactor = 5;

    private const int FewestSuggestedSteps = 2000;
    private const int MostSuggestedSteps = 30_000;
    private const double StepsPerRootRow = 100;
    private const int SuggestedCurvePoints = 50;
    private const int FewestStepsPerCurvePoint = 20;

    /// <summary>
    /// The options that a number of rows suggests, as <c>flowratio train</c> has them: a tenth of the rows held out, a hundred steps for each root of a row, and
    /// patience.
    /// </summary>
    /// <param name="rows">Rows of the data, held-out ones included.</param>
    /// <param name="covariates">Covariates; with several each is dropped from a tenth of the rows, so that log-ratios can leave some out.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one row, or a negative number of covariates.</exception>
    public static TrainingOptions For(int rows, int covariates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(covariates);
        int steps = (int)Math.Clamp(StepsPerRootRow * Math.Sqrt(rows), FewestSuggestedSteps, MostSuggestedSteps);
        return new TrainingOptions
        {
            Network = new NetworkShape(1, []) { HeadHidden = 256, HeadLayers = 3 },
            ConditionDrop = [covariates > 1 ? 0.1 : 0],
            ValidationFraction = 0.1,
            FewestRowsPerCategory = EnoughRows,
            Patience = 15,
        }.WithSteps(steps);
    }

    /// <summary>The same training in another number of steps, with as many points of the learning curve as <see cref="For"/> has.</summary>
    /// <param name="steps">Steps.</param>
    public TrainingOptions WithSteps(int steps) =>
        this with { Steps = steps, ValidationInterval = Math.Max(steps / SuggestedCurvePoints, FewestStepsPerCurvePoint) };

    /// <summary>Sizes of the network; dimension and covariates are taken from the data.</summary>
    public NetworkShape Network { get; init; } = new(1, []);

    /// <summary>Path schedule.</summary>
    public PathSchedule Schedule { get; init; } = PathSchedule.Deterministic;

    /// <summary>
    /// Latest time of path samples, in (0, 1]; 1 for the schedule's own. With noise on the path the variance of the targets grows without bound towards
    /// t = 1, and a few rows there decide a batch's gradient: 0.97 helps (docs/accuracy.md). Held-out losses stop at the same time.
    /// </summary>
    public double LatestTime { get; init; } = 1;

    /// <summary>Number of optimiser steps.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>Rows per step.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>
    /// Rows per step over which the regression targets are averaged, which lowers their variance and not their mean (see
    /// <see cref="Engine.Compute.ComputeBackend.AverageTargets"/>); 0 for none, as published.
    /// </summary>
    public int TargetReferences { get; init; } = 1024;

    /// <summary>
    /// Whether rows are paired, with one time and noise of opposite sign (see <see cref="Engine.Compute.ComputeBackend.SamplePath"/>): batches with less
    /// chance in their gradients at no cost. False is the published method. Held-out losses have independent rows either way.
    /// </summary>
    public bool MirroredNoise { get; init; } = true;

    /// <summary>Factor of the initial condition codes: how far apart conditions are before training; 1 as published.</summary>
    public double ConditionScale { get; init; } = 4;

    /// <summary>
    /// Factor of the initial weights of the data encoder and of the heads' hidden layers over PyTorch's, whose variance is 1/(3 inputs). The root of
    /// three gives them the variance 1/inputs, with which signals keep their size through SELU layers (Klambauer et al., "Self-normalizing neural
    /// networks", 2017); 1 as published.
    /// </summary>
    public double HiddenGain { get; init; } = Math.Sqrt(3);

    /// <summary>
    /// Learning rate per step. The bends of a field are learned late, the later the more dimensions there are, and a rate of 3e-3 gets there in a third of
    /// the steps; where the fields are almost linear a rate of 1e-3 ends with less noise (docs/accuracy.md).
    /// </summary>
    public LearningRateSchedule LearningRate { get; init; } = LearningRateSchedule.WarmUpCosine(3e-3);

    /// <summary>
    /// Damping with which layers' inputs are whitened in weight gradients, relative to the mean eigenvalue of their second moments: directions in which inputs
    /// vary little are learned as fast as the others (one-sided K-FAC before Adam, docs/math.md). Smaller whitens more; null for plain gradients, as published.
    /// Networks beside a base have plain gradients in any case.
    /// </summary>
    public double? Whitening { get; init; } = 0.3;

    /// <summary>
    /// How many times a training may go through its rows with whitened inputs, one with <see cref="Patience"/> five times as often; one that goes through them
    /// more often has plain gradients: there it is not speed that is missing, and what is learned sooner overfits sooner (docs/accuracy.md). Null whitens however
    /// often.
    /// </summary>
    public double? MostWhitenedPasses { get; init; } = 50;

    /// <summary>
    /// Bound of a gradient, all parameters together, relative to what Adam has seen of their gradients (<see cref="Engine.Compute.AdamStep.LargestRatio"/>); null for
    /// none, as published.
    /// </summary>
    public double? LargestGradientRatio { get; init; } = 1;

    /// <summary>Decay of the weight average; 0 uses the last weights.</summary>
    public double AverageDecay { get; init; } = 0.999;

    /// <summary>
    /// Probability of training a row without a covariate: one number for all covariates, or one per covariate. Needed for ratios
    /// that leave covariates out; S2 works without it, since any field gives the same ratio, and 0 trains the other fields best.
    /// </summary>
    public IReadOnlyList<double> ConditionDrop { get; init; } = [0];

    /// <summary>Share of the rows held out for the validation loss; 0 for none.</summary>
    public double ValidationFraction { get; init; } = 0.05;

    /// <summary>Steps between validation losses.</summary>
    public int ValidationInterval { get; init; } = 1000;

    /// <summary>
    /// Stops when this many validation losses in a row are no better than the best, and keeps the weights of the best; null trains to the
    /// last step and keeps the last. Needs held-out rows.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>Training rows that every category of every covariate must have.</summary>
    public int FewestRowsPerCategory { get; init; } = 1;

    /// <summary>Training rows that a category should have: below, a density is a guess. The tool refuses fewer unless told otherwise.</summary>
    public const int EnoughRows = 20;

    /// <summary>Whether coordinates are standardised first (log-ratios do not depend on it, training does).</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Closed-form base under the networks, which then learn the rest; none is the published method.</summary>
    public BaseChoice Base { get; init; } = BaseChoice.None;

    /// <summary>
    /// Whether, beside a base, only as much is kept of what the networks learned as held-out rows support (<see cref="ResidualGate"/>). Without held-out
    /// rows, and without a base, all is kept either way.
    /// </summary>
    public bool GateResidual { get; init; } = true;

    /// <summary>Seed of everything random in training.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether this is a pilot, for which the training that it belongs to has decided what depends on its length.</summary>
    internal bool IsPilot { get; init; }

    /// <summary>Independent blocks of coordinates that a selection has found; null to look for them in the training's own rows.</summary>
    internal IReadOnlyList<int[]>? Blocks { get; init; }

    /// <summary>The damping of a training with so many rows, or null for plain gradients.</summary>
    /// <param name="rows">Training rows.</param>
    internal double? WhiteningFor(int rows) =>
        !IsPilot && MostWhitenedPasses is { } most && (double)Steps * Math.Min(BatchSize, rows) > most * (Patience is null ? 1 : PatientFactor) * rows ? null : Whitening;

    /// <summary>The schedule as path samples have it; a model keeps the whole.</summary>
    internal PathSchedule SampledSchedule => Schedule.Until(LatestTime);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentNullException.ThrowIfNull(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LatestTime);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LatestTime, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(TargetReferences);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TargetReferences, 1 << 16);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConditionScale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConditionScale, 1000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HiddenGain);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HiddenGain, 1000);
        if (Whitening is { } damping)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(damping, SmallestWhitening, nameof(Whitening));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(damping, LargestWhitening, nameof(Whitening));
        }

        if (LargestGradientRatio is { } ratio && !(ratio > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(LargestGradientRatio), ratio, "a positive number, or null, is needed.");
        }

        Base.Validate();
        if (MostWhitenedPasses is { } passes && !(passes >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(MostWhitenedPasses), passes, "a number of 0 or more, or null, is needed.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(AverageDecay);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(AverageDecay, 1);
        ArgumentNullException.ThrowIfNull(ConditionDrop);
        foreach (double probability in ConditionDrop)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(probability, nameof(ConditionDrop));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1, nameof(ConditionDrop));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ValidationFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ValidationFraction, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationInterval, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience ?? 1, 1, nameof(Patience));
        ArgumentOutOfRangeException.ThrowIfNegative(FewestRowsPerCategory);
    }

    /// <summary>The network's shape for a data set: sizes of these options, dimension and covariates of the data.</summary>
    /// <param name="data">The data.</param>
    public NetworkShape ShapeFor(TrainingSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Network with
        {
            Dimension = data.Dimension,
            Covariates = data.Vocabulary.Sizes,
            ContinuousCovariates = data.Vocabulary.Continuous.Length,
        };
    }

    /// <summary>The drop probability of each covariate.</summary>
    /// <param name="covariates">Number of covariates.</param>
    /// <exception cref="ArgumentException">The list has neither one entry nor one per covariate.</exception>
    public IReadOnlyList<double> DropProbabilities(int covariates)
    {
        if (ConditionDrop.Count == 1)
        {
            return [.. Enumerable.Repeat(ConditionDrop[0], covariates)];
        }

        return ConditionDrop.Count == covariates
            ? ConditionDrop
            : throw new ArgumentException(
                $"ConditionDrop has {ConditionDrop.Count} entries; one, or one for each of {covariates} covariates, is needed.");
    }
}
