using FlowRatio.Engine.Randomness;

namespace FlowRatio.Applications.Meld;

/// <summary>
/// Largest eigenvalue of a graph's Laplacian by Lanczos' method with full reorthogonalisation. The release of MELD stops at a relative
/// error of 5e-3 from a random start; this goes on to 1e-9, so that the result does not depend on the start.
/// </summary>
internal static class LargestEigenvalue
{
    private const int MostSteps = 300;
    private const double Tolerance = 1e-9;

    /// <summary>Largest eigenvalue.</summary>
    public static double Of(MeldGraph graph, CancellationToken cancellation)
    {
        int n = graph.Size;
        double[] q = [.. Enumerable.Range(0, n).Select(i => Philox.Block(1, RandomStream.Resampling, (uint)i).Normal(0))];
        Scale(q, 1 / Math.Sqrt(Dot(q, q)));
        List<double[]> basis = [q];
        List<double> diagonal = [], off = [];
        double last = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] next = new double[n];
            graph.Multiply(basis[^1], next);
            diagonal.Add(Dot(next, basis[^1]));
            foreach (double[] vector in basis)
            {
                AddScaled(next, -Dot(next, vector), vector);
            }

            double largest = Largest(diagonal, off);
            double norm = Math.Sqrt(Dot(next, next));
            if (Math.Abs(largest - last) <= Tolerance * largest || norm <= Tolerance * largest || basis.Count == Math.Min(n, MostSteps))
            {
                return largest;
            }

            last = largest;
            Scale(next, 1 / norm);
            off.Add(norm);
            basis.Add(next);
        }
    }

    /// <summary>Largest eigenvalue of a symmetric tridiagonal matrix: bisection on the signs of the pivots of T - x (Sturm).</summary>
    private static double Largest(List<double> diagonal, List<double> off)
    {
        double bound = 0;
        for (int i = 0; i < diagonal.Count; i++)
        {
            bound = Math.Max(bound, Math.Abs(diagonal[i]) + (i > 0 ? Math.Abs(off[i - 1]) : 0) + (i < off.Count ? Math.Abs(off[i]) : 0));
        }

        double low = -bound, high = bound;
        while (high - low > 1e-15 * bound)
        {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high)
            {
                break;
            }

            if (AllBelow(diagonal, off, middle))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high;
    }

    /// <summary>Whether all eigenvalues are below x: then all pivots of T - x are negative.</summary>
    private static bool AllBelow(List<double> diagonal, List<double> off, double x)
    {
        double pivot = diagonal[0] - x;
        for (int i = 1; i < diagonal.Count && pivot < 0; i++)
        {
            pivot = diagonal[i] - x - (off[i - 1] * off[i - 1] / pivot);
        }

        return pivot < 0;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(double[] target, double factor, double[] vector)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * vector[i];
        }
    }

    private static void Scale(double[] vector, double factor)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= factor;
        }
    }
}
