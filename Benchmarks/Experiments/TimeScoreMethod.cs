using FlowRatio.Engine.Paths;
using FlowRatio.Training;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>A baseline that learns the time score of a path between the two distributions, by its name on the command line.</summary>
public sealed class TimeScoreMethod
{
    private readonly TimeScoreLoss loss;
    private readonly bool isOneSided;

    private TimeScoreMethod(string name, TimeScoreLoss loss, bool isOneSided)
    {
        Name = name;
        this.loss = loss;
        this.isOneSided = isOneSided;
    }

    /// <summary>
    /// All methods. The one-sided ones use that the denominator is N(0, I), which holds in <c>gaussian</c> and <c>mi</c> and is not known
    /// of real data.
    /// </summary>
    public static IReadOnlyList<TimeScoreMethod> All { get; } =
    [
        new("tsm", TimeScoreLoss.Marginal, false),
        new("ctsm", TimeScoreLoss.Conditional, false),
        new("ctsmv", TimeScoreLoss.ConditionalPerCoordinate, false),
        new("tsm-onesided", TimeScoreLoss.Marginal, true),
        new("ctsm-onesided", TimeScoreLoss.Conditional, true),
        new("ctsmv-onesided", TimeScoreLoss.ConditionalPerCoordinate, true),
    ];

    /// <summary>Name: tsm, ctsm or ctsmv, with "-onesided" for the one-sided path.</summary>
    public string Name { get; }

    /// <summary>The options of this method's training.</summary>
    /// <param name="options">What the baselines share.</param>
    /// <param name="seed">Seed.</param>
    public TimeScoreTrainingOptions Training(TimeScoreOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        TimeScorePath path = isOneSided ? TimeScorePath.OneSided : TimeScorePath.TwoSided(options.PathVariance);
        return options.Training with
        {
            Loss = loss,
            Path = path with
            {
                Factor = options.Factor,
                Weighting = loss == TimeScoreLoss.Marginal ? options.MarginalWeighting : TimeScoreWeighting.ObjectiveVariance,
            },
            Seed = seed,
        };
    }
}
