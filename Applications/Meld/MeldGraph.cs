using FlowRatio.Training.Neighbors;

namespace FlowRatio.Applications.Meld;

/// <summary>
/// The graph of MELD (Burkhardt et al., "Quantifying the effect of experimental perturbations at single-cell resolution", 2021) with the
/// defaults of its release: K_ij = exp(-(d_ij / sigma_i)^40) with sigma_i the distance to the 5th neighbour, entries below 1e-4 dropped;
/// symmetrised; anisotropy K_ij / (s_i s_j) with the row sums s; weights without the diagonal; combinatorial Laplacian L = D - W.
/// </summary>
internal sealed class MeldGraph
{
    private const int BandwidthNeighbor = 5;
    private const double Decay = 40;
    private const double Threshold = 1e-4;
    private const int FirstNeighbors = 20;

    private readonly SparseSymmetricMatrix laplacian;

    private MeldGraph(SparseSymmetricMatrix laplacian) => this.laplacian = laplacian;

    /// <summary>Number of points.</summary>
    public int Size => laplacian.Size;

    /// <summary>Builds the graph.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="cancellation">Stops the search for neighbours.</param>
    public static MeldGraph Create(float[] points, int dimension, CancellationToken cancellation)
    {
        int rows = points.Length / dimension;
        if (rows <= BandwidthNeighbor)
        {
            throw new ArgumentException($"points has {rows} rows; MELD needs more than {BandwidthNeighbor}.", nameof(points));
        }

        List<(int Column, double Value)>[] directed = Kernel(points, dimension, rows, cancellation);
        return new MeldGraph(Laplacian(Symmetrise(directed)));
    }

    /// <summary>product = L x.</summary>
    public void Multiply(ReadOnlySpan<double> x, Span<double> product) => laplacian.Multiply(x, product);

    /// <summary>Kernel rows before symmetrising, with their diagonal; the search widens until every radius is covered.</summary>
    private static List<(int Column, double Value)>[] Kernel(float[] points, int dimension, int rows, CancellationToken cancellation)
    {
        double reach = Math.Pow(-Math.Log(Threshold), 1 / Decay);
        var kernel = new List<(int Column, double Value)>[rows];
        int[] open = [.. Enumerable.Range(0, rows)];
        for (int count = Math.Min(FirstNeighbors, rows - 1); open.Length > 0; count = Math.Min(4 * count, rows - 1))
        {
            NeighborTable found = NearestNeighbors.Find(points, dimension, count, open, cancellation);
            List<int> uncovered = [];
            for (int i = 0; i < open.Length; i++)
            {
                ReadOnlySpan<double> distances = found.DistancesOf(i);

                // Points with five copies have no distance of their own.
                double bandwidth = Math.Max(distances[BandwidthNeighbor - 1], double.BitIncrement(1) - 1);
                if (distances[^1] <= bandwidth * reach && count < rows - 1)
                {
                    uncovered.Add(open[i]);
                    continue;
                }

                List<(int Column, double Value)> row = [(open[i], 1)];
                for (int j = 0; j < count; j++)
                {
                    double value = Math.Exp(-Math.Pow(distances[j] / bandwidth, Decay));
                    if (value >= Threshold)
                    {
                        row.Add((found.IndicesOf(i)[j], value));
                    }
                }

                kernel[open[i]] = row;
            }

            open = [.. uncovered];
        }

        return kernel;
    }

    private static SparseSymmetricMatrix Symmetrise(List<(int Column, double Value)>[] directed)
    {
        var rows = new SortedDictionary<int, double>[directed.Length];
        for (int r = 0; r < rows.Length; r++)
        {
            rows[r] = [];
        }

        for (int r = 0; r < rows.Length; r++)
        {
            foreach ((int column, double value) in directed[r])
            {
                rows[r][column] = rows[r].GetValueOrDefault(column) + (0.5 * value);
                rows[column][r] = rows[column].GetValueOrDefault(r) + (0.5 * value);
            }
        }

        return new SparseSymmetricMatrix([.. rows.Select(row => row.Select(entry => (entry.Key, entry.Value)).ToArray())]);
    }

    private static SparseSymmetricMatrix Laplacian(SparseSymmetricMatrix kernel)
    {
        double[] sums = [.. Enumerable.Range(0, kernel.Size).Select(kernel.RowSum)];
        for (int r = 0; r < kernel.Size; r++)
        {
            ReadOnlySpan<int> columns = kernel.Columns(r);
            Span<double> values = kernel.Values(r);
            double degree = 0;
            int diagonal = -1;
            for (int i = 0; i < columns.Length; i++)
            {
                if (columns[i] == r)
                {
                    diagonal = i;
                    continue;
                }

                values[i] /= sums[r] * sums[columns[i]];
                degree += values[i];
                values[i] = -values[i];
            }

            values[diagonal] = degree;
        }

        return kernel;
    }
}
