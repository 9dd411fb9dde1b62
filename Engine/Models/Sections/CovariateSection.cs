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

    /// <summary>The covariate.</summary>
    /// <exception cref="InvalidDataException">A category without a name.</exception>
    public CovariateVocabulary ToVocabulary() => Categories.All(category => category is not null)
        ? new(Name, Categories, Counts)
        : throw new InvalidDataException($"Covariate '{Name}' of the section 'vocabulary' has a category that is null.");
}
