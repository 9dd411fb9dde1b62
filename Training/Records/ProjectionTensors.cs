using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Records;

/// <summary>Principal components as tensors of a model file.</summary>
internal static class ProjectionTensors
{
    private const string MeanName = "projection.mean";
    private const string ComponentsName = "projection.components";
    private const string ExplainedName = "projection.explained_variance";
    private const string TotalName = "projection.total_variance";

    /// <summary>Names of all tensors.</summary>
    public static readonly IReadOnlyList<string> Names = [MeanName, ComponentsName, ExplainedName, TotalName];

    /// <summary>The tensors of a projection.</summary>
    public static IEnumerable<SafetensorsTensor> Of(PrincipalComponents projection) =>
    [
        SafetensorsTensor.Of(MeanName, projection.Mean, projection.InputDimension),
        SafetensorsTensor.Of(ComponentsName, projection.Components, projection.Dimension, projection.InputDimension),
        SafetensorsTensor.Of(ExplainedName, projection.ExplainedVariance, projection.Dimension),
        SafetensorsTensor.Of(TotalName, (ReadOnlySpan<double>)[projection.TotalVariance], 1),
    ];

    /// <summary>The projection of a file, or null.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, or has another shape.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static PrincipalComponents? Read(SafetensorsFile file)
    {
        if (!file.TryGet(ComponentsName, out SafetensorsTensor? components))
        {
            return null;
        }

        SafetensorsTensor mean = file[MeanName], explained = file[ExplainedName];
        components.RequireShape(explained.Count, mean.Count);
        return new PrincipalComponents(mean.ToReal(), components.ToSingle(), explained.ToDouble(), file[TotalName].RequireShape(1).ToDouble()[0]);
    }
}
