using System.CommandLine;
using System.Globalization;
using FlowRatio.Engine.Networks;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Cli.Arguments;

/// <summary>How to train; where nothing is given, what the number of rows suggests.</summary>
internal sealed class TrainingArguments
{
    private const int FewestSteps = 2000;
    private const int MostSteps = 30_000;
    private const double StepsPerRootRow = 100;
    private const int CurvePoints = 50;
    private const int FewestStepsPerCurvePoint = 20;
    private const double DefaultDrop = 0.1;

    private readonly Option<int?> steps = new("--steps") { Description = $"Training steps [{StepsPerRootRow} times the root of the rows, from {FewestSteps} to {MostSteps}]." };
    private readonly Option<int> batch = CommandOptions.Number("--batch", new TrainingOptions().BatchSize, "Rows per step (all rows where there are fewer).");
    private readonly Option<int> width = CommandOptions.Number("--width", 256, "Width of the heads' hidden layers.");
    private readonly Option<int> layers = CommandOptions.Number("--layers", 3, "Number of the heads' hidden layers.");
    private readonly Option<double> rate = CommandOptions.Real("--learning-rate", new TrainingOptions().LearningRate.Peak, "Largest learning rate (warm-up, then cosine).");
    private readonly Option<double> average = CommandOptions.Real("--average", 0.999, "Decay of the weight average; 0 for none.");
    private readonly Option<string?> drop = new("--drop")
    {
        Description = $"Probability of training a row without a covariate: one number, or one per covariate; needed for conditions that leave covariates out [0 with one covariate, {DefaultDrop} with several].",
    };

    private readonly Option<double> validation = CommandOptions.Real("--validation", 0.1, "Share of the rows held out: for the validation loss, and for the AUC of later ratios.");
    private readonly Option<int> patience = CommandOptions.Number("--patience", 15, "Stop after this many validation losses (of about 50) without a better one, and keep the best weights; 0 trains to the end.");
    private readonly Option<string> baseFlow = CommandOptions.Word("--base", "none", $"Closed-form base under the networks: {BaseChoice.Syntax}.");
    private readonly Option<bool> raw = new("--no-standardize") { Description = "Take the coordinates as they are." };
    private readonly Option<int> fewest = CommandOptions.Number("--min-rows", TrainingOptions.EnoughRows, "Training rows that every category must have.");
    private readonly Option<long> seed = new("--seed") { Description = "Seed of everything random in training.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> latestTime = CommandOptions.LatestTime();
    private readonly ScheduleArguments schedule;

    public TrainingArguments(Command command)
    {
        foreach (Option option in (Option[])[steps, batch, width, layers, rate, average, drop, validation, patience, fewest, baseFlow, raw, seed])
        {
            command.Options.Add(option);
        }

        schedule = new ScheduleArguments(command);
        command.Options.Add(latestTime);
    }

    /// <summary>The options for some data.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="rows">Rows of the data.</param>
    /// <param name="covariates">Number of covariates.</param>
    public TrainingOptions Options(ParseResult parsed, int rows, int covariates)
    {
        int total = CommandOptions.AtLeast(parsed, steps, 1) ?? (int)Math.Clamp(StepsPerRootRow * Math.Sqrt(rows), FewestSteps, MostSteps);
        double heldOut = CommandOptions.Share(parsed, validation);
        int patient = CommandOptions.AtLeast(parsed, patience, 0);
        return new TrainingOptions
        {
            Network = new NetworkShape(1, [])
            {
                HeadHidden = CommandOptions.AtLeast(parsed, width, 1), HeadLayers = CommandOptions.AtLeast(parsed, layers, 1),
            },
            Schedule = schedule.Schedule(parsed),
            LatestTime = parsed.GetValue(latestTime),
            Steps = total,
            BatchSize = CommandOptions.AtLeast(parsed, batch, 1),
            LearningRate = LearningRateSchedule.WarmUpCosine(CommandOptions.Positive(parsed, rate)),
            AverageDecay = CommandOptions.Share(parsed, average),
            ConditionDrop = Drops(parsed.GetValue(drop), covariates),
            ValidationFraction = heldOut,
            ValidationInterval = Math.Max(total / CurvePoints, FewestStepsPerCurvePoint),
            Patience = patient == 0 || (int)(rows * heldOut) == 0 ? null : patient,
            FewestRowsPerCategory = CommandOptions.AtLeast(parsed, fewest, 0),
            Base = BaseChoice.Parse(parsed.GetRequiredValue(baseFlow)),
            Standardize = !parsed.GetValue(raw),
            Seed = CommandOptions.Seed(parsed, seed),
        };
    }

    private static double[] Drops(string? text, int covariates)
    {
        if (text is null)
        {
            return [.. Enumerable.Repeat(covariates > 1 ? DefaultDrop : 0, covariates)];
        }

        double[] values =
        [
            .. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and < 1
                ? value
                : throw new ArgumentException($"--drop has the entry '{part}'; a number in [0, 1) is needed.")),
        ];
        return values.Length == covariates ? values
            : values.Length == 1 ? [.. Enumerable.Repeat(values[0], covariates)]
            : throw new ArgumentException($"--drop has {values.Length} numbers; one, or one for each of {covariates} covariates, is needed.");
    }
}
