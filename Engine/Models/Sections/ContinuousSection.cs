namespace FlowRatio.Engine.Models.Sections;

/// <summary>A continuous covariate in a model file.</summary>
internal sealed record ContinuousSection(string Name, double Mean, double Scale, double Smallest, double Largest)
{
    public static ContinuousSection Of(ContinuousCovariate covariate) =>
        new(covariate.Name, covariate.Mean, covariate.Scale, covariate.Smallest, covariate.Largest);

    public ContinuousCovariate ToCovariate() => new(Name, Mean, Scale, Smallest, Largest);
}
