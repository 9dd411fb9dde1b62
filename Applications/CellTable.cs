using FlowRatio.Engine.Models;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications;

/// <summary>Cells as the applications see them: points, and for each covariate the category of every cell.</summary>
/// <param name="Points">Row-major <c>[cells, dimension]</c>, finite; from an origin that all cells share (<see cref="Training.Data.CenteredPoints"/>).</param>
/// <param name="Dimension">d.</param>
/// <param name="Covariates">Name, categories and codes of each covariate; every cell has a category.</param>
/// <param name="Embedding">Two coordinates per cell for pictures, row-major <c>[cells, 2]</c>, with the names of the axes.</param>
public sealed record CellTable(
    float[] Points, int Dimension, IReadOnlyList<CellCovariate> Covariates, CellEmbedding Embedding)
{
    /// <summary>Number of cells.</summary>
    public int Cells => Points.Length / Dimension;

    /// <summary>A covariate by name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">Unknown.</exception>
    public CellCovariate Covariate(string name) => Covariates.FirstOrDefault(covariate => covariate.Name == name)
        ?? throw new ArgumentException($"There is no covariate '{name}'; there are: {string.Join(", ", Covariates.Select(covariate => covariate.Name))}.");

    /// <summary>The covariate of one name, or the combinations of several.</summary>
    /// <param name="names">Their names, at least one.</param>
    public CellCovariate Joined(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return CellCovariate.Join([.. names.Select(Covariate)]);
    }

    /// <summary>Points and covariates to train with.</summary>
    /// <param name="covariates">The covariates.</param>
    /// <param name="points">Other coordinates of the same cells, or null for these.</param>
    public TrainingSet ToTrainingSet(IReadOnlyList<CellCovariate> covariates, float[]? points = null)
    {
        ArgumentNullException.ThrowIfNull(covariates);
        float[] used = points ?? Points;
        return new TrainingSet(
            used,
            used.Length / Cells,
            new ConditionVocabulary([.. covariates.Select(covariate => new CovariateVocabulary(covariate.Name, covariate.Categories))]),
            [.. covariates.Select(covariate => covariate.Codes)]);
    }
}
