using FlowRatio.Engine.Models;

namespace FlowRatio.Applications;

/// <summary>The first two principal components of standardised coordinates: where cells lie in pictures if no embedding is given.</summary>
public static class PrincipalPlane
{
    /// <summary>Projects points; a single coordinate is drawn against zero.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>, at least three rows.</param>
    /// <param name="dimension">d.</param>
    public static CellEmbedding Of(float[] points, int dimension)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int rows = points.Length / dimension;
        float[] scaled = new float[points.Length];
        Standardization.Fit(points, dimension).Apply(points, scaled);
        PrincipalComponents axes = PrincipalComponentsFit.Fit(scaled, dimension, Math.Min(2, dimension));
        float[] plane = new float[axes.Dimension * rows];
        axes.Apply(scaled, plane);
        return new CellEmbedding("PC 1", "PC 2", axes.Dimension == 2 ? plane : [.. plane.SelectMany(value => (float[])[value, 0])]);
    }
}
