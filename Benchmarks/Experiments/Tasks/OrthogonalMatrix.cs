namespace FlowRatio.Benchmarks.Experiments.Tasks;

/// <summary>A random rotation (or reflection) of R^d, a function of its number alone; orthogonal to rounding.</summary>
internal sealed class OrthogonalMatrix
{
    // The tasks are fixed distributions: their parameters never depend on the seed of an experiment.
    private const ulong ParameterSeed = 0x51AB_0C0D_E5EE_D001;
    private readonly double[] rows;
    private readonly int dimension;

    /// <summary>Makes the matrix.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="number">Matrices of different numbers are independent.</param>
    public OrthogonalMatrix(int dimension, uint number)
    {
        this.dimension = dimension;
        rows = new double[dimension * dimension];
        var deviates = new DeviateSource(ParameterSeed, 0, number);
        for (int i = 0; i < dimension; i++)
        {
            Span<double> row = Row(i);
            for (int j = 0; j < dimension; j++)
            {
                row[j] = deviates.Normal();
            }

            // Gram and Schmidt, twice: once more removes what rounding left of the earlier rows.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < i; k++)
                {
                    Subtract(row, Row(k), Dot(row, Row(k)));
                }
            }

            double length = Math.Sqrt(Dot(row, row));
            for (int j = 0; j < dimension; j++)
            {
                row[j] /= length;
            }
        }
    }

    /// <summary>result = Q x.</summary>
    public void Apply(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < dimension; i++)
        {
            result[i] = Dot(Row(i), x);
        }
    }

    /// <summary>result = Q^T x, the inverse of <see cref="Apply"/>.</summary>
    public void ApplyInverse(ReadOnlySpan<double> x, Span<double> result)
    {
        result.Clear();
        for (int i = 0; i < dimension; i++)
        {
            Subtract(result, Row(i), -x[i]);
        }
    }

    private Span<double> Row(int i) => rows.AsSpan(i * dimension, dimension);

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> direction, double amount)
    {
        for (int j = 0; j < from.Length; j++)
        {
            from[j] -= amount * direction[j];
        }
    }
}
