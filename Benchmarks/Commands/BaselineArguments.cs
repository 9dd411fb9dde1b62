using System.CommandLine;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Paths;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>Options of the baselines TSM, CTSM and CTSM-v.</summary>
internal sealed class BaselineArguments
{
    private static readonly (string Name, TimeScoreWeighting Weighting)[] Weightings =
    [
        ("path-variance", TimeScoreWeighting.PathVariance),
        ("objective-variance", TimeScoreWeighting.ObjectiveVariance),
        ("uniform", TimeScoreWeighting.Uniform),
    ];

    private readonly TimeScoreOptions defaults;
    private readonly Option<int> steps;
    private readonly Option<int> width;
    private readonly Option<int> batch;
    private readonly Option<double> rate;
    private readonly Option<string> decay;
    private readonly Option<double> variance;
    private readonly Option<double> factor;
    private readonly Option<string> weighting;
    private readonly Option<bool> fresh = new("--fresh-samples")
    {
        Description = "Draw new samples at every step of a baseline's training (infinite data) instead of using the training set.",
    };

    public BaselineArguments(Command command, TimeScoreOptions defaults)
    {
        this.defaults = defaults;
        steps = CommandOptions.Number("--baseline-steps", defaults.Training.Steps, "Training steps of a baseline.");
        width = CommandOptions.Number("--baseline-width", defaults.Training.Hidden, "Width of a baseline's three hidden layers.");
        batch = CommandOptions.Number("--baseline-batch", defaults.Training.BatchSize, "Pairs per training step of a baseline.");
        rate = CommandOptions.Real("--baseline-rate", defaults.Training.LearningRate.Peak, "Learning rate of a baseline.");
        decay = CommandOptions.Word(
            "--baseline-decay", defaults.Training.LearningRate.FinalFraction < 1 ? "cosine" : "constant", "How that rate goes on: constant or cosine.");
        variance = CommandOptions.Real("--baseline-variance", defaults.PathVariance, "Variance constant of the two-sided path.");
        factor = CommandOptions.Real("--baseline-factor", defaults.Factor, "Factor c of the objective-variance weight.");
        weighting = CommandOptions.Word(
            "--tsm-weight",
            Weightings.Single(entry => entry.Weighting == defaults.MarginalWeighting).Name,
            $"Weight of TSM's loss in time: {string.Join(", ", Weightings.Select(entry => entry.Name))}.");
        foreach (Option option in (Option[])[steps, width, batch, rate, decay, variance, factor, weighting, fresh])
        {
            command.Options.Add(option);
        }
    }

    public TimeScoreOptions Options(ParseResult parsed) => defaults with
    {
        Training = defaults.Training with
        {
            Steps = CommandOptions.AtLeast(parsed, steps, 1),
            Hidden = CommandOptions.AtLeast(parsed, width, 1),
            BatchSize = CommandOptions.AtLeast(parsed, batch, 1),
            LearningRate = parsed.GetRequiredValue(decay) switch
            {
                "constant" => LearningRateSchedule.Constant(Positive(parsed, rate)),
                "cosine" => LearningRateSchedule.WarmUpCosine(Positive(parsed, rate), 0),
                string name => throw new ArgumentException($"--baseline-decay: '{name}' is unknown; there are: constant, cosine."),
            },
        },
        PathVariance = Positive(parsed, variance),
        Factor = Positive(parsed, factor),
        MarginalWeighting = Weighting(parsed.GetRequiredValue(weighting)),
        FreshSamples = parsed.GetValue(fresh),
    };

    private static TimeScoreWeighting Weighting(string name)
    {
        int index = Array.FindIndex(Weightings, entry => entry.Name == name);
        return index >= 0
            ? Weightings[index].Weighting
            : throw new ArgumentException(
                $"--tsm-weight: '{name}' is unknown; there are: {string.Join(", ", Weightings.Select(entry => entry.Name))}.");
    }

    private static double Positive(ParseResult parsed, Option<double> option)
    {
        double value = parsed.GetValue(option);
        return value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"{option.Name} is {value}; a positive number is needed.");
    }
}
