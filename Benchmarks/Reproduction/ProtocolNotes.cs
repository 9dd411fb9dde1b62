using System.Globalization;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>Where a grid's protocol is that of the publication, and where it is smaller.</summary>
internal static class ProtocolNotes
{
    private const int PublishedGaussianRepetitions = 5;
    private const int PublishedMutualInformationRepetitions = 3;

    /// <summary>One sentence for the console and the head of the page.</summary>
    public static string Summary(ReproductionGrid grid)
    {
        string[] differences = [.. Rows(grid).Where(row => row.Here != row.Published).Select(row => $"{row.Name} {row.Here} (published {row.Published})")];
        string kind = grid.IsPaper ? "Published protocol" : "Reduced protocol (--paper for the published one)";
        return differences.Length == 0 ? $"{kind}." : $"{kind}; what differs: {string.Join("; ", differences)}.";
    }

    private const string PublishedBaselineRate = "0.001 constant";

    /// <summary>The main settings of the protocol, ours beside the published ones.</summary>
    public static IReadOnlyList<(string Name, string Here, string Published)> Rows(ReproductionGrid grid)
    {
        bool isMutualInformation = grid.Experiment == "mi";

        // Code widths are published per dimension; the grid's first dimension stands for all of them.
        ExperimentOptions Published(ExperimentOptions options) => isMutualInformation
            ? PublishedProtocol.MutualInformation(options, grid.Dimensions[0])
            : PublishedProtocol.Gaussian(options, grid.Dimensions[0]);

        ExperimentOptions published = Published(grid.Options), here = grid.IsPaper ? published : grid.Options;
        List<(string, string, string)> rows = [];
        void Add(string name, Func<ExperimentOptions, string> value) => rows.Add((name, value(here), value(published)));

        if (grid.Options.Methods.Flow.Count > 0)
        {
            Add("flow steps", options => Whole(options.Training.Steps));
            Add("head width", options => Whole(options.Training.Network.HeadHidden));
            Add("batch", options => Whole(options.Training.BatchSize));
            Add("learning rate", options => Rate(options.Training.LearningRate));
            Add("weight average", options => options.Training.AverageDecay == 0 ? "none" : Number(options.Training.AverageDecay));
            Add("coordinates standardised", options => options.Training.Standardize ? "yes" : "no");
            Add("condition drop", options => Number(options.Training.ConditionDrop[0]));
            Add("base", options => options.Training.Base.ToString());
            Add("condition codes", options => $"{Whole(options.Training.Network.ConditionCode)} wide, times {Number(options.Training.ConditionScale)} at first");
            Add("initial hidden weights", options => $"times {Number(options.Training.HiddenGain)}");
            Add("time features", options => $"{Whole(options.Training.Network.TimeFeatures)}, of t times {Number(options.Training.Network.TimeScale)}");
            Add("targets", options => options.Training.TargetReferences == 0 ? "of single rows" : $"averaged over {Whole(options.Training.TargetReferences)} rows");
            Add("noise", options => options.Training.MirroredNoise ? "in pairs of opposite sign" : "independent");
            Add("latest time", options => Number(options.Training.LatestTime));
            Add("inputs in weight gradients", options => options.Training.Whitening is { } damping
                ? $"whitened with damping {Number(damping)}" + (options.Training.MostWhitenedPasses is { } most ? $" where rows are seen at most {Number(most)} times" : string.Empty)
                : "plain");
            Add("score", options => options.Estimation.ImpliedScore switch
            {
                null => "without a base half from the velocity",
                0 => "of its head",
                { } share => $"{share.ToString("P0", CultureInfo.InvariantCulture)} from the velocity",
            });
        }

        if (grid.Options.Methods.TimeScores.Count > 0)
        {
            TimeScoreOptions baselines = grid.Options.TimeScores, full = new();
            rows.Add(("baseline steps", Whole(baselines.Training.Steps), Whole(full.Training.Steps)));
            rows.Add(("baseline width", Whole(baselines.Training.Hidden), Whole(full.Training.Hidden)));
            rows.Add(("baseline batch", Whole(baselines.Training.BatchSize), Whole(full.Training.BatchSize)));
            rows.Add(("baseline rate", Rate(baselines.Training.LearningRate), PublishedBaselineRate));
            rows.Add(("baseline path variance", Number(baselines.PathVariance), "1 by default, not stated"));
            rows.Add(("baseline samples", baselines.FreshSamples ? "fresh" : "training set", "not stated (fresh in the baselines' own code)"));
        }

        Add("training points", options => Whole(options.TrainPoints));
        Add("test points", options => Whole(options.TestPoints));
        rows.Add((
            "repetitions",
            $"{Whole(grid.Repetitions)} with data of their own",
            isMutualInformation
                ? Whole(PublishedMutualInformationRepetitions)
                : $"{Whole(PublishedGaussianRepetitions)} on one data set"));
        return rows;
    }

    private static string Rate(LearningRateSchedule rate) => rate.FinalFraction == 1
        ? $"{Number(rate.Peak)} constant"
        : $"{Number(rate.Peak)} with warm-up and cosine";

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
