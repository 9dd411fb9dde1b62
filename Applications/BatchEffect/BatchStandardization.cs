using FlowRatio.Engine.Models;

namespace FlowRatio.Applications.BatchEffect;

/// <summary>
/// The built-in correction: in every batch each coordinate is moved and scaled to the mean and standard deviation of the whole table.
/// It is simple and transparent, and assumes that batches have the same composition.
/// </summary>
public static class BatchStandardization
{
    /// <summary>Corrects points.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="batches">Batch of every row.</param>
    /// <returns>Corrected points of the same shape.</returns>
    public static float[] Apply(float[] points, int dimension, CellCovariate batches)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(batches);
        Standardization whole = Standardization.Fit(points, dimension);
        float[] corrected = new float[points.Length];
        for (int batch = 0; batch < batches.Categories.Count; batch++)
        {
            int[] rows = [.. Enumerable.Range(0, batches.Codes.Count).Where(r => batches.Codes[r] == batch)];
            float[] own = new float[rows.Length * dimension];
            for (int i = 0; i < rows.Length; i++)
            {
                points.AsSpan(rows[i] * dimension, dimension).CopyTo(own.AsSpan(i * dimension));
            }

            float[] scaled = new float[own.Length];
            Standardization.Fit(own, dimension).Apply(own, scaled);
            whole.Invert(scaled, scaled.AsSpan());
            for (int i = 0; i < rows.Length; i++)
            {
                scaled.AsSpan(i * dimension, dimension).CopyTo(corrected.AsSpan(rows[i] * dimension));
            }
        }

        return corrected;
    }
}
