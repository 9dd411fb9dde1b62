using System.Diagnostics;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>Times the runs of a prepared case and counts what they allocate.</summary>
/// <param name="Milliseconds">Time of each repetition.</param>
/// <param name="AllocatedBytes">Heap allocations per run, of all threads together.</param>
internal sealed record SpeedMeasurement(double[] Milliseconds, double AllocatedBytes)
{
    private const int FewestRepetitions = 5;
    private const int MostRepetitions = 1000;
    private const int WarmUpRuns = 3;

    // Slow cases are worth fewer repetitions than five when those take many times the budget.
    private const int FewestSlowRepetitions = 3;

    // A repetition is at least this long, so that the clock's own time is nothing.
    private const double ShortestRepetition = 0.2;

    /// <summary>Repeats a case for so many seconds, and at least a few times.</summary>
    public static SpeedMeasurement Take(ISpeedCase speedCase, double seconds, CancellationToken cancellation)
    {
        double first = Time(speedCase, 1);
        bool slow = first > 1000 * seconds;
        for (int i = 1; i < (slow ? 1 : WarmUpRuns); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            first = Math.Min(first, Time(speedCase, 1));
        }

        int runs = (int)Math.Ceiling(ShortestRepetition / Math.Max(first, 1e-4));
        double wanted = 1000 * seconds / Math.Max(first * runs, 1e-4);
        int repetitions = (int)Math.Clamp(wanted, slow ? FewestSlowRepetitions : FewestRepetitions, MostRepetitions);
        return Repeat(speedCase, repetitions, runs, cancellation);
    }

    /// <summary>Repeats a warm case a given number of times.</summary>
    public static SpeedMeasurement Repeat(ISpeedCase speedCase, int repetitions, int runs, CancellationToken cancellation)
    {
        double[] milliseconds = new double[repetitions];
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            milliseconds[i] = Time(speedCase, runs);
        }

        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return new SpeedMeasurement(milliseconds, (double)allocated / ((double)repetitions * runs));
    }

    private static double Time(ISpeedCase speedCase, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
        {
            speedCase.Run();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs;
    }
}
