namespace FlowRatio.Training.Objectives;

/// <summary>
/// Sums over path samples of what one head explains of its target: p = target . output and q = output . output per row. The factor of the
/// output that minimises the squared error is sum p / sum q.
/// </summary>
public sealed class HeadResidual
{
    private double products;
    private double squares;
    private double productSquares;
    private double crossProducts;
    private double squareSquares;

    /// <summary>The factor that minimises the squared error, or 0 where the output is 0.</summary>
    public double BestFactor => squares > 0 ? products / squares : 0;

    /// <summary>Standard error of that factor over rows.</summary>
    public double StandardError
    {
        get
        {
            double factor = BestFactor;
            double spread = productSquares - (2 * factor * crossProducts) + (factor * factor * squareSquares);
            return squares > 0 ? Math.Sqrt(Math.Max(0, spread)) / squares : 0;
        }
    }

    /// <summary>Adds rows.</summary>
    /// <param name="target">What the head should give, row-major.</param>
    /// <param name="output">What it gives.</param>
    /// <param name="rowWeight">Factor of each row's output, or null for 1.</param>
    /// <param name="dimension">Values per row.</param>
    public void Add(ReadOnlySpan<double> target, ReadOnlySpan<double> output, double[]? rowWeight, int dimension)
    {
        for (int r = 0; r < target.Length / dimension; r++)
        {
            double weight = rowWeight is null ? 1 : rowWeight[r];
            double p = 0, q = 0;
            for (int i = r * dimension; i < (r + 1) * dimension; i++)
            {
                double value = weight * output[i];
                p += target[i] * value;
                q += value * value;
            }

            products += p;
            squares += q;
            productSquares += p * p;
            crossProducts += p * q;
            squareSquares += q * q;
        }
    }
}
