namespace FlowRatio.Training.Trust;

/// <summary>Points, and the class of each: a class is a combination of categories that occurs in the data.</summary>
/// <param name="Points">Row-major <c>[rows, dimension]</c>, standardised.</param>
/// <param name="Dimension">d.</param>
/// <param name="Labels">Class of every row, from 0.</param>
/// <param name="Classes">Number of classes.</param>
internal sealed record LabelledPoints(float[] Points, int Dimension, int[] Labels, int Classes)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Labels.Length;

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">Row numbers.</param>
    public LabelledPoints Select(int[] rows)
    {
        float[] points = new float[rows.Length * Dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            Points.AsSpan(rows[i] * Dimension, Dimension).CopyTo(points.AsSpan(i * Dimension));
        }

        return this with { Points = points, Labels = [.. rows.Select(r => Labels[r])] };
    }

    /// <summary>Share of every class among some rows.</summary>
    /// <param name="rows">Row numbers.</param>
    public double[] Shares(IReadOnlyCollection<int> rows)
    {
        double[] shares = new double[Classes];
        foreach (int row in rows)
        {
            shares[Labels[row]] += 1.0 / rows.Count;
        }

        return shares;
    }
}
