namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>The average of targets over references, a vector of rows at a time; each row's result depends on that row alone.</summary>
internal static unsafe class TargetAverage<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Rows = CpuMatrix.PanelRows;

    // Exponent of references of other groups, and of the row itself, which counts already: e to it is zero, and it stays finite in differences.
    private const float Excluded = -1e30f;

    /// <summary>Changes the targets of one panel.</summary>
    public static void Run(in TargetAverageRows rows)
    {
        for (int lane = 0; lane < Rows; lane += TSimd.Width)
        {
            TVector largest = Exponents(rows, lane);
            TVector total = Differences(rows, lane, largest);
            Apply(rows, lane, total);
        }
    }

    /// <summary>(|x_t - t x_1|^2 - |x_t - t x_i|^2) / (2 sigma^2) of every reference; returns the largest, at least the own row's 0.</summary>
    private static TVector Exponents(in TargetAverageRows rows, int lane)
    {
        TVector magnitude = TSimd.BroadcastBits(int.MaxValue), half = TSimd.Broadcast(0.5f);
        TVector time = TSimd.Load(rows.NegativeTimes + lane), precision = TSimd.Load(rows.Precisions + lane);
        TVector group = TSimd.Load(rows.Groups + lane), own = TSimd.Zero, largest = TSimd.Zero;
        TVector lowRow = TSimd.Load(rows.LowRows + lane), highRow = TSimd.Load(rows.HighRows + lane);
        for (int j = 0; j < rows.Columns; j++)
        {
            long at = ((long)j * Rows) + lane;
            TVector difference = TSimd.MultiplyAdd(time, TSimd.Load(rows.Own + at), TSimd.Load(rows.Points + at));
            own = TSimd.MultiplyAdd(difference, difference, own);
        }

        float* reference = rows.References;
        for (int i = 0; i < rows.Count; i++, reference += rows.Columns)
        {
            TVector distance = TSimd.Zero;
            for (int j = 0; j < rows.Columns; j++)
            {
                TVector difference = TSimd.MultiplyAdd(
                    time, TSimd.Broadcast(reference[j]), TSimd.Load(rows.Points + ((long)j * Rows) + lane));
                distance = TSimd.MultiplyAdd(difference, difference, distance);
            }

            TVector exponent = TSimd.Multiply(TSimd.Subtract(own, distance), precision);
            TVector apart = TSimd.And(TSimd.Subtract(group, TSimd.Broadcast(rows.ReferenceGroups[i])), magnitude);
            exponent = TSimd.SelectPositive(TSimd.Subtract(half, apart), exponent, TSimd.Broadcast(Excluded));
            TVector low = TSimd.And(TSimd.Subtract(lowRow, TSimd.Broadcast(rows.ReferenceRows[i] & TargetAverageRows.LowBits)), magnitude);
            TVector high = TSimd.And(TSimd.Subtract(highRow, TSimd.Broadcast(rows.ReferenceRows[i] & ~TargetAverageRows.LowBits)), magnitude);
            exponent = TSimd.SelectPositive(TSimd.Subtract(TSimd.Add(low, high), half), exponent, TSimd.Broadcast(Excluded));
            TSimd.Store(rows.Exponents + ((long)i * Rows) + lane, exponent);
            largest = TSimd.Max(largest, exponent);
        }

        return largest;
    }

    /// <summary>Weighted sums of x_1 - x_i; returns the sum of all weights, the own row's included.</summary>
    private static TVector Differences(in TargetAverageRows rows, int lane, TVector largest)
    {
        TVector one = TSimd.Broadcast(1f), smallest = TSimd.Broadcast(ComputeBackend.SmallestTargetWeight);
        for (int j = 0; j < rows.Columns; j++)
        {
            TSimd.Store(rows.Differences + ((long)j * Rows) + lane, TSimd.Zero);
        }

        TVector total = TSimd.Add(one, VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(TSimd.Subtract(TSimd.Zero, largest)));
        float* reference = rows.References;
        for (int i = 0; i < rows.Count; i++, reference += rows.Columns)
        {
            TVector exponent = TSimd.Subtract(TSimd.Load(rows.Exponents + ((long)i * Rows) + lane), largest);
            TVector weight = TSimd.Add(one, VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(exponent));
            weight = TSimd.SelectPositive(TSimd.Subtract(weight, smallest), weight, TSimd.Zero);
            if (TSimd.AllAtMost(weight, TSimd.Zero))
            {
                continue;
            }

            total = TSimd.Add(total, weight);
            for (int j = 0; j < rows.Columns; j++)
            {
                long at = ((long)j * Rows) + lane;
                TVector difference = TSimd.Subtract(TSimd.Load(rows.Own + at), TSimd.Broadcast(reference[j]));
                TSimd.Store(rows.Differences + at, TSimd.MultiplyAdd(weight, difference, TSimd.Load(rows.Differences + at)));
            }
        }

        return total;
    }

    private static void Apply(in TargetAverageRows rows, int lane, TVector total)
    {
        float* totals = stackalloc float[TSimd.Width];
        TSimd.Store(totals, total);
        for (int i = 0; i < TSimd.Width; i++)
        {
            totals[i] = rows.Slopes[lane + i] / totals[i];
        }

        TVector slope = TSimd.Load(totals), time = TSimd.Load(rows.NegativeTimes + lane);
        for (int j = 0; j < rows.Columns; j++)
        {
            long at = ((long)j * Rows) + lane;
            TVector change = TSimd.Multiply(slope, TSimd.Load(rows.Differences + at));
            TSimd.Store(rows.Velocity + at, TSimd.Add(TSimd.Load(rows.Velocity + at), change));
            TSimd.Store(rows.Score + at, TSimd.Subtract(TSimd.Load(rows.Score + at), TSimd.Multiply(time, change)));
        }
    }
}
