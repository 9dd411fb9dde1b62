using FlowRatio.Engine.Models;

namespace FlowRatio.Applications;

/// <summary>The first two principal components of coordinates as they are: where cells lie in pictures if nothing better is known.</summary>
public static class PrincipalPlane
{
    /// <summary>Projects points; a single coordinate is drawn against zero.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>, at least three rows.</param>
    /// <param name="dimension">d.</param>
    /// <param name="horizontal">Title of the horizontal axis.</param>
    /// <param name="vertical">Title of the vertical axis.</param>
    public static CellEmbedding Of(float[] points, int dimension, string horizontal = "PC 1", string vertical = "PC 2")
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int rows = points.Length / dimension;
        PrincipalComponents axes = PrincipalComponentsFit.Fit(points, dimension, Math.Min(2, dimension));
        float[] plane = new float[axes.Dimension * rows];
        axes.Apply(points, plane);
        return new CellEmbedding(horizontal, vertical, axes.Dimension == 2 ? plane : [.. plane.SelectMany(value => (float[])[value, 0])]);
    }
}
