using System.Runtime.Intrinsics;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// Base flow of up to 32 rows of one density, factor by factor: rows in lanes, rotations by the micro-kernel in float32, what is summed over coordinates
/// (trace, exponent, products) in float64.
/// </summary>
internal unsafe struct BaseFlowWork : IBlockWork
{
    private const int Lanes = CpuMatrix.PanelRows;

    // Sums per component and lane: trace of J, log weight and density, u_k . s_k.
    private const int Trace = 0;
    private const int Exponent = 1;
    private const int Product = 2;
    private const int Sums = 3;

    // So many variances can be multiplied before a logarithm is taken: floats to the 8th power are finite in double precision.
    private const int VariancesPerLogarithm = 8;

    public CpuKernels Kernels;
    public CpuBaseFlow Flow;
    public PathConstants Path;
    public CpuMatrix Times;
    public CpuMatrix Points;
    public CpuMatrix? Velocity;
    public CpuMatrix? Score;
    public CpuMatrix? ScoreWeight;
    public HostAccumulator? Divergence;
    public int Series;
    public float Factor;
    public int[] Rows;
    public BaseFlowGroup[] Groups;

    public readonly void Run(int block)
    {
        BaseFlowGroup group = Groups[block];
        ReadOnlySpan<int> rows = Rows.AsSpan(group.First, group.Count);
        CpuBaseFactor[] factors = Flow.Densities[group.Density];
        long largest = 0;
        int most = 0;
        foreach (CpuBaseFactor factor in factors)
        {
            largest = Math.Max(largest, ((2L * factor.Components.Length) + 6) * factor.Coordinates.Length * Lanes);
            most = Math.Max(most, factor.Components.Length);
        }

        // Not on the stack: with thousands of components it would be used up.
        long sumsLength = (long)most * Sums * Lanes;
        double* sums = (double*)BaseFlowScratch.Reserve((2 * sumsLength) + largest + (Lanes * Lanes));
        float* scratch = (float*)(sums + sumsLength);
        float* schedule = stackalloc float[3 * Lanes];
        FillSchedule(rows, schedule);
        if (Divergence is not null)
        {
            ClearDivergence(rows);
        }

        foreach (CpuBaseFactor factor in factors)
        {
            Add(factor, rows, schedule, sums, scratch);
        }
    }

    private readonly void Add(CpuBaseFactor factor, ReadOnlySpan<int> rows, float* schedule, double* sums, float* scratch)
    {
        CpuBaseComponent[] components = factor.Components;
        int count = factor.Coordinates.Length * Lanes;
        float* x = scratch, y = x + count, turned = y + count, u = turned + count, s = u + count, edge = s + count;
        float* along = edge + (Lanes * Lanes);
        GatherPoints(rows, factor.Coordinates, x);
        for (int k = 0; k < components.Length; k++)
        {
            float* velocityAlong = along + (2L * k * count);
            Project(components[k], x, schedule, y, turned, edge);
            Scale(components[k], schedule, turned, velocityAlong, velocityAlong + count, components.Length > 1, sums + (k * Sums * Lanes));
        }

        Normalize(components, sums);
        new Span<float>(u, count).Clear();
        new Span<float>(s, count).Clear();
        for (int k = 0; k < components.Length; k++)
        {
            float* velocityAlong = along + (2L * k * count);
            double* responsibility = sums + (((k * Sums) + Exponent) * Lanes);
            Add(components[k], velocityAlong, true, responsibility, turned, edge, u);
            Add(components[k], velocityAlong + count, false, responsibility, turned, edge, s);
        }

        Store(rows, factor.Coordinates, u, s);
        if (Divergence is not null)
        {
            AddDivergence(rows, factor, u, s, sums);
        }
    }

    private readonly void GatherPoints(ReadOnlySpan<int> rows, int[] coordinates, float* x)
    {
        for (int r = 0; r < Lanes; r++)
        {
            // Lanes beyond the last row repeat it: finite numbers that nobody reads.
            float* source = Points.Row(0, rows[Math.Min(r, rows.Length - 1)]);
            for (int i = 0; i < coordinates.Length; i++)
            {
                x[(i * Lanes) + r] = source[coordinates[i] * Lanes];
            }
        }
    }

    /// <summary>t, sigma^2 and sigma sigma' of each lane, from float64.</summary>
    private readonly void FillSchedule(ReadOnlySpan<int> rows, float* schedule)
    {
        for (int r = 0; r < Lanes; r++)
        {
            double t = *Times.Row(0, Times.Rows == 1 ? 0 : rows[Math.Min(r, rows.Length - 1)]);
            schedule[r] = (float)t;
            schedule[Lanes + r] = (float)Path.SigmaSquared(t);
            schedule[(2 * Lanes) + r] = (float)Path.SigmaSigmaPrime(t);
        }
    }

    /// <summary>turned = Q^T (x - t mu), in the order of the directions.</summary>
    private readonly void Project(CpuBaseComponent component, float* x, float* times, float* y, float* turned, float* edge)
    {
        for (int i = 0; i < component.Coordinates.Length; i++)
        {
            float* source = x + (component.Coordinates[i] * Lanes);
            var mean = Vector256.Create(component.Mean[i]);
            for (int lane = 0; lane < Lanes; lane += Vector256<float>.Count)
            {
                Vector256<float> centered = Vector256.Load(source + lane) - (Vector256.Load(times + lane) * mean);
                centered.Store(y + (i * Lanes) + lane);
            }
        }

        Rotate(component, false, y, turned, edge);
    }

    /// <summary>
    /// From y: g y, -y / c, and the sums over directions. Variances c and rates g are formed for every lane, since rows may have times of
    /// their own.
    /// </summary>
    private readonly void Scale(
        CpuBaseComponent component, float* schedule, float* y, float* velocity, float* score, bool isMixture, double* sums)
    {
        int dimension = component.Coordinates.Length;
        for (int lane = 0; lane < Lanes; lane += Vector256<float>.Count)
        {
            Vector256<float> t = Vector256.Load(schedule + lane);
            Vector256<float> noise = Vector256.Load(schedule + Lanes + lane);
            Vector256<float> slope = Vector256.Load(schedule + (2 * Lanes) + lane);
            Vector256<float> squaredTime = t * t;
            (Vector256<double> Low, Vector256<double> High) trace = default, squares = default, products = default;
            (Vector256<double> Low, Vector256<double> High) determinant = (Vector256.Create(1.0), Vector256.Create(1.0));
            (Vector256<double> Low, Vector256<double> High) logarithm = default;
            for (int i = 0; i < dimension; i++)
            {
                int at = (i * Lanes) + lane;
                var variance = Vector256.Create(component.Variances[i]);
                Vector256<float> c = (squaredTime * variance) + noise;
                Vector256<float> inverse = Vector256<float>.One / c;
                Vector256<float> g = ((t * variance) + slope) * inverse;
                Vector256<float> value = Vector256.Load(y + at);
                Vector256<float> u = g * value;
                Vector256<float> s = -value * inverse;
                u.Store(velocity + at);
                s.Store(score + at);
                Accumulate(ref trace, g);
                if (!isMixture)
                {
                    continue;
                }

                AccumulateProduct(ref squares, value, s);
                AccumulateProduct(ref products, u + Vector256.Create(component.RotatedMean[i]), s);
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(c);
                determinant = (determinant.Low * low, determinant.High * high);
                if (i % VariancesPerLogarithm == VariancesPerLogarithm - 1 || i == dimension - 1)
                {
                    logarithm = (logarithm.Low + Vector256.Log(determinant.Low), logarithm.High + Vector256.Log(determinant.High));
                    determinant = (Vector256.Create(1.0), Vector256.Create(1.0));
                }
            }

            Store(trace, sums + (Trace * Lanes) + lane);
            Store(products, sums + (Product * Lanes) + lane);
            var half = Vector256.Create(0.5);
            var weight = Vector256.Create(component.LogWeight);
            Store(
                (weight + (half * (squares.Low - logarithm.Low)), weight + (half * (squares.High - logarithm.High))),
                sums + (Exponent * Lanes) + lane);
        }
    }

    /// <summary>Turns the logarithms of weighted densities into responsibilities.</summary>
    private static void Normalize(CpuBaseComponent[] components, double* sums)
    {
        double* exponents = sums + (Exponent * Lanes);
        for (int lane = 0; lane < Lanes; lane++)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int k = 0; k < components.Length; k++)
            {
                largest = Math.Max(largest, exponents[(k * Sums * Lanes) + lane]);
            }

            for (int k = 0; k < components.Length; k++)
            {
                ref double value = ref exponents[(k * Sums * Lanes) + lane];
                value = components.Length == 1 ? 1 : Math.Exp(value - largest);
                sum += value;
            }

            for (int k = 0; k < components.Length; k++)
            {
                exponents[(k * Sums * Lanes) + lane] /= sum;
            }
        }
    }

    /// <summary>total += r_k (mu + Q along), or without the mean.</summary>
    private readonly void Add(
        CpuBaseComponent component, float* along, bool withMean, double* responsibility, float* turned, float* edge, float* total)
    {
        Rotate(component, true, along, turned, edge);
        for (int lane = 0; lane < Lanes; lane += Vector256<float>.Count)
        {
            Vector256<float> weight = Vector256.Narrow(
                Vector256.Load(responsibility + lane), Vector256.Load(responsibility + lane + Vector256<double>.Count));
            for (int i = 0; i < component.Coordinates.Length; i++)
            {
                float* sum = total + (component.Coordinates[i] * Lanes) + lane;
                var mean = Vector256.Create(withMean ? component.Mean[i] : 0);
                (Vector256.Load(sum) + (weight * (mean + Vector256.Load(turned + (i * Lanes) + lane)))).Store(sum);
            }
        }
    }

    private readonly void Rotate(CpuBaseComponent component, bool backward, float* input, float* output, float* edge)
    {
        int place = 0;
        foreach (CpuBaseBlock block in component.Rotations)
        {
            Copy(input, output, place, block.First);
            PackedWeights weights = backward ? block.Backward : block.Forward;
            long offset = (long)block.First * Lanes;
            for (int tile = 0; tile < weights.Blocks; tile++)
            {
                int first = tile * weights.TileColumns;
                int columns = Math.Min(weights.TileColumns, weights.Outputs - first);
                Gemm.Tile(Kernels, input + offset, weights, tile, columns, edge, output + offset + (first * Lanes));
            }

            place = block.First + weights.Outputs;
        }

        Copy(input, output, place, component.Coordinates.Length);
    }

    private static void Copy(float* input, float* output, int start, int end)
    {
        int count = (end - start) * Lanes;
        new Span<float>(input + (start * Lanes), count).CopyTo(new Span<float>(output + (start * Lanes), count));
    }

    private readonly void Store(ReadOnlySpan<int> rows, int[] coordinates, float* u, float* s)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            if (Velocity is not null)
            {
                AddRow(u + r, Factor, coordinates, Velocity.Row(0, rows[r]));
            }

            if (Score is not null)
            {
                AddRow(s + r, Factor * (ScoreWeight is null ? 1 : *ScoreWeight.Row(0, rows[r])), coordinates, Score.Row(0, rows[r]));
            }
        }
    }

    private static void AddRow(float* source, float factor, int[] coordinates, float* destination)
    {
        for (int i = 0; i < coordinates.Length; i++)
        {
            destination[coordinates[i] * Lanes] += factor * source[i * Lanes];
        }
    }

    private readonly void ClearDivergence(ReadOnlySpan<int> rows)
    {
        Span<double> divergence = Divergence!.Values(Series);
        foreach (int row in rows)
        {
            divergence[row] = 0;
        }
    }

    private readonly void AddDivergence(ReadOnlySpan<int> rows, CpuBaseFactor factor, float* u, float* s, double* sums)
    {
        int components = factor.Components.Length, count = factor.Coordinates.Length * Lanes;
        Span<double> divergence = Divergence!.Values(Series);
        for (int r = 0; r < rows.Length; r++)
        {
            double sum = 0;
            for (int k = 0; k < components; k++)
            {
                double* own = sums + (k * Sums * Lanes) + r;
                sum += own[Exponent * Lanes] * (own[Trace * Lanes] + own[Product * Lanes]);
            }

            for (int j = 0; components > 1 && j < count; j += Lanes)
            {
                sum -= (double)u[j + r] * s[j + r];
            }

            divergence[rows[r]] += sum;
        }
    }

    private static void Accumulate(ref (Vector256<double> Low, Vector256<double> High) sum, Vector256<float> values)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(values);
        sum = (sum.Low + low, sum.High + high);
    }

    private static void AccumulateProduct(
        ref (Vector256<double> Low, Vector256<double> High) sum, Vector256<float> left, Vector256<float> right)
    {
        (Vector256<double> a, Vector256<double> b) = Vector256.Widen(left);
        (Vector256<double> c, Vector256<double> d) = Vector256.Widen(right);
        sum = (sum.Low + (a * c), sum.High + (b * d));
    }

    private static void Store((Vector256<double> Low, Vector256<double> High) values, double* destination)
    {
        values.Low.Store(destination);
        values.High.Store(destination + Vector256<double>.Count);
    }
}
