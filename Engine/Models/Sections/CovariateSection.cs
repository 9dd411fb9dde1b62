namespace FlowRatio.Engine.Models.Sections;

/// <summary>A covariate in a model file.</summary>
internal sealed record CovariateSection
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Categories { get; init; }

    public IReadOnlyList<long>? Counts { get; init; }

    public static CovariateSection Of(CovariateVocabulary covariate) => new()
    {
        Name = covariate.Name,
        Categories = covariate.Categories,
        Counts = covariate.Counts.IsEmpty ? null : covariate.Counts,
    };

    public CovariateVocabulary ToVocabulary() => new(Name, Categories, Counts);
}
