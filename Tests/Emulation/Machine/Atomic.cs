namespace FlowRatio.Tests.Emulation;

/// <summary>ILGPU's atomic operations on integers, as far as kernels use them (none on floats: their order would decide results).</summary>
internal static class Atomic
{
    /// <summary>Stores a value and returns the one before.</summary>
    public static int Exchange(ref int target, int value) => Interlocked.Exchange(ref target, value);

    /// <summary>Stores a value where the target equals <paramref name="compare"/>; returns the value before.</summary>
    public static int CompareExchange(ref int target, int compare, int value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    /// <summary>Stores the larger one; returns the value before.</summary>
    public static long Max(ref long target, long value)
    {
        long before = Interlocked.Read(ref target);
        while (value > before)
        {
            long seen = Interlocked.CompareExchange(ref target, value, before);
            if (seen == before)
            {
                return before;
            }

            before = seen;
        }

        return before;
    }
}
