using System.CommandLine;
using System.Globalization;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Cli.Arguments;

/// <summary>How to train; where nothing is given, what the number of rows suggests.</summary>
internal sealed class TrainingArguments
{
    private static readonly TrainingOptions Suggested = TrainingOptions.For(1, 1);

    private readonly Option<int?> steps = new("--steps") { Description = "Training steps [100 times the root of the rows, from 2000 to 30000]." };
    private readonly Option<int> batch = CommandOptions.Number("--batch", Suggested.BatchSize, "Rows per step (all rows where there are fewer).");
    private readonly Option<int> width = CommandOptions.Number("--width", Suggested.Network.HeadHidden, "Width of the heads' hidden layers.");
    private readonly Option<int> layers = CommandOptions.Number("--layers", Suggested.Network.HeadLayers, "Number of the heads' hidden layers.");
    private readonly Option<double> rate = CommandOptions.Real("--learning-rate", Suggested.LearningRate.Peak, "Largest learning rate (warm-up, then cosine).");
    private readonly Option<double> average = CommandOptions.Real("--average", Suggested.AverageDecay, "Decay of the weight average; 0 for none.");
    private readonly Option<string?> drop = new("--drop")
    {
        Description = $"Probability of training a row without a covariate: one number, or one per covariate; needed for conditions that leave covariates out [0 with one covariate, {TrainingOptions.For(1, 2).ConditionDrop[0]} with several].",
    };

    private readonly Option<double> validation = CommandOptions.Real("--validation", Suggested.ValidationFraction, "Share of the rows held out: for the validation loss, and for the AUC of later ratios.");
    private readonly Option<int> patience = CommandOptions.Number("--patience", Suggested.Patience!.Value, "Stop after this many validation losses (of about 50) without a better one, and keep the best weights; 0 trains to the end.");
    private readonly Option<string> baseFlow = CommandOptions.Word("--base", "none", $"Closed-form base under the networks: {BaseChoice.Syntax}.");
    private readonly Option<bool> raw = new("--no-standardize") { Description = "Take the coordinates as they are." };
    private readonly Option<int> fewest = CommandOptions.Number("--min-rows", Suggested.FewestRowsPerCategory, "Training rows that every category must have.");
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
        TrainingOptions suggested = TrainingOptions.For(Math.Max(rows, 1), covariates);
        double heldOut = CommandOptions.Share(parsed, validation);
        int patient = CommandOptions.AtLeast(parsed, patience, 0);
        TrainingOptions options = suggested with
        {
            Network = suggested.Network with
            {
                HeadHidden = CommandOptions.AtLeast(parsed, width, 1), HeadLayers = CommandOptions.AtLeast(parsed, layers, 1),
            },
            Schedule = schedule.Schedule(parsed),
            LatestTime = parsed.GetValue(latestTime),
            BatchSize = CommandOptions.AtLeast(parsed, batch, 1),
            LearningRate = LearningRateSchedule.WarmUpCosine(CommandOptions.Positive(parsed, rate)),
            AverageDecay = CommandOptions.Share(parsed, average),
            ConditionDrop = Drops(parsed.GetValue(drop), covariates, suggested.ConditionDrop[0]),
            ValidationFraction = heldOut,
            Patience = patient == 0 || (int)(rows * heldOut) == 0 ? null : patient,
            FewestRowsPerCategory = CommandOptions.AtLeast(parsed, fewest, 0),
            Base = BaseChoice.Parse(parsed.GetRequiredValue(baseFlow)),
            Standardize = !parsed.GetValue(raw),
            Seed = CommandOptions.Seed(parsed, seed),
        };
        return CommandOptions.AtLeast(parsed, steps, 1) is { } given ? options.WithSteps(given) : options;
    }

    private static double[] Drops(string? text, int covariates, double suggested)
    {
        if (text is null)
        {
            return [.. Enumerable.Repeat(suggested, covariates)];
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
