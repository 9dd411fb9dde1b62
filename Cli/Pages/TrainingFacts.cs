using FlowRatio.Reports.Blocks;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Pages;

/// <summary>What the model's record says about its training.</summary>
internal static class TrainingFacts
{
    private const int MostCategories = 12;

    /// <summary>Names and values.</summary>
    public static Facts Of(TrainedModel trained)
    {
        TrainingRecord training = trained.Training!;
        return new Facts(
        [
            ("data", training.Data),
            ("rows", $"{training.Rows:#,0}, {training.HeldOutFraction:0.#%} of them held out"),
            ("steps", $"{training.Steps:#,0}; weights of step {training.ModelStep:#,0}"),
            ("seed", $"{training.Seed}"),
            ("coordinates", $"{trained.Model.Dimension}"),
            ("parameters", $"{trained.Model.Network.ParameterCount:#,0}"),
            .. trained.Model.Vocabulary.Covariates.Select(covariate => (
                covariate.Name,
                string.Join(", ", covariate.Categories.Take(MostCategories).Select((category, i) => covariate.Counts.IsEmpty ? category : $"{category} {covariate.Counts[i]:#,0}"))
                    + (covariate.Categories.Length > MostCategories ? $", ... ({covariate.Categories.Length} in all)" : string.Empty))),
            .. trained.Model.Vocabulary.Continuous.Select(covariate => (covariate.Name, $"{covariate.Smallest:G6} to {covariate.Largest:G6}")),
        ]);
    }
}
