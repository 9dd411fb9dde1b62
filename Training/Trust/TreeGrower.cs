namespace FlowRatio.Training.Trust;

/// <summary>
/// Grows regression trees for gradients and curvatures of a loss, best leaf first, on coordinates that are cut into bins (Chen and Guestrin, "XGBoost", 2016;
/// Ke and others, "LightGBM", 2017).
/// </summary>
internal sealed class TreeGrower
{
    private const int MostBins = 64;
    private const int MostLeaves = 16;
    private const int FewestLeaves = 4;
    private const int RowsPerLeaf = 200;
    private const int FewestRows = 20;
    private const double Ridge = 1;
    private readonly int dimension;
    private readonly int leaves;
    private readonly byte[][] bins;
    private readonly float[][] edges;

    /// <summary>Cuts every coordinate at quantiles.</summary>
    /// <param name="points">Row-major <c>[rows, dimension]</c>.</param>
    /// <param name="dimension">d.</param>
    public TreeGrower(float[] points, int dimension)
    {
        this.dimension = dimension;
        int rows = points.Length / dimension;
        leaves = Math.Clamp(rows / RowsPerLeaf, FewestLeaves, MostLeaves);
        bins = new byte[dimension][];
        edges = new float[dimension][];
        for (int j = 0; j < dimension; j++)
        {
            int coordinate = j;
            float[] sorted = [.. Enumerable.Range(0, rows).Select(r => points[(r * dimension) + coordinate]).Order()];
            edges[j] = [.. Enumerable.Range(1, MostBins - 1).Select(b => sorted[(int)((long)b * rows / MostBins)]).Distinct().Where(edge => edge < sorted[^1])];
            bins[j] = new byte[rows];
            for (int r = 0; r < rows; r++)
            {
                int place = Array.BinarySearch(edges[j], points[(r * dimension) + j]);
                bins[j][r] = (byte)(place >= 0 ? place : ~place);
            }
        }
    }

    /// <summary>Grows a tree; leaves have minus the rate times the Newton step.</summary>
    /// <param name="gradients">Of every row.</param>
    /// <param name="curvatures">Of every row.</param>
    /// <param name="rate">Share of the step.</param>
    public BoostedTrees.Tree Grow(double[] gradients, double[] curvatures, double rate)
    {
        int[] order = [.. Enumerable.Range(0, gradients.Length)];
        List<int> coordinate = [-1], left = [0];
        List<float> threshold = [0], value = [0];
        var open = new PriorityQueue<Leaf, double>();
        Consider(new Leaf(0, 0, order.Length), order, gradients, curvatures, value, rate, open);
        for (int grown = 1; grown < leaves && open.TryDequeue(out Leaf? leaf, out _); grown++)
        {
            int middle = Partition(order, leaf);
            int child = coordinate.Count;
            (coordinate[leaf.Node], threshold[leaf.Node], left[leaf.Node]) = (leaf.Coordinate, edges[leaf.Coordinate][leaf.Bin], child);
            for (int side = 0; side < 2; side++)
            {
                coordinate.Add(-1);
                threshold.Add(0);
                left.Add(0);
                value.Add(0);
                (int first, int end) = side == 0 ? (leaf.First, middle) : (middle, leaf.End);
                Consider(new Leaf(child + side, first, end), order, gradients, curvatures, value, rate, open);
            }
        }

        return new BoostedTrees.Tree([.. coordinate], [.. threshold], [.. left], [.. value]);
    }

    /// <summary>The value of a leaf, and the cut that would gain most.</summary>
    private void Consider(
        Leaf leaf, int[] order, double[] gradients, double[] curvatures, List<float> value, double rate, PriorityQueue<Leaf, double> open)
    {
        ReadOnlySpan<int> rows = order.AsSpan(leaf.First, leaf.End - leaf.First);
        double gradient = 0, curvature = 0;
        foreach (int row in rows)
        {
            gradient += gradients[row];
            curvature += curvatures[row];
        }

        value[leaf.Node] = (float)(-rate * gradient / (curvature + Ridge));
        if (rows.Length < 2 * FewestRows)
        {
            return;
        }

        double best = 1e-9, whole = gradient * gradient / (curvature + Ridge);
        Span<double> g = stackalloc double[MostBins], h = stackalloc double[MostBins];
        Span<int> n = stackalloc int[MostBins];
        for (int j = 0; j < dimension; j++)
        {
            g.Clear();
            h.Clear();
            n.Clear();
            byte[] own = bins[j];
            foreach (int row in rows)
            {
                int bin = own[row];
                g[bin] += gradients[row];
                h[bin] += curvatures[row];
                n[bin]++;
            }

            double below = 0, curvedBelow = 0;
            int count = 0;
            for (int bin = 0; bin < edges[j].Length; bin++)
            {
                below += g[bin];
                curvedBelow += h[bin];
                count += n[bin];
                if (count < FewestRows || rows.Length - count < FewestRows)
                {
                    continue;
                }

                double above = gradient - below;
                double gain = (below * below / (curvedBelow + Ridge)) + (above * above / (curvature - curvedBelow + Ridge)) - whole;
                if (gain > best)
                {
                    best = gain;
                    (leaf.Coordinate, leaf.Bin) = (j, bin);
                }
            }
        }

        if (leaf.Coordinate >= 0)
        {
            open.Enqueue(leaf, -best);
        }
    }

    private int Partition(int[] order, Leaf leaf)
    {
        byte[] own = bins[leaf.Coordinate];
        int[] rows = order[leaf.First..leaf.End];
        int place = leaf.First;
        foreach (bool isLeft in (bool[])[true, false])
        {
            foreach (int row in rows)
            {
                if (own[row] <= leaf.Bin == isLeft)
                {
                    order[place++] = row;
                }
            }
        }

        return leaf.First + rows.Count(row => own[row] <= leaf.Bin);
    }

    private sealed class Leaf(int node, int first, int end)
    {
        public int Node { get; } = node;

        public int First { get; } = first;

        public int End { get; } = end;

        public int Coordinate { get; set; } = -1;

        public int Bin { get; set; }
    }
}
