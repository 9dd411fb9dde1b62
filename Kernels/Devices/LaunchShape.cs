namespace FlowRatio.Kernels.Devices;

/// <summary>Groups per launch and threads per group.</summary>
/// <param name="X">Groups in the first direction; the one that may be large.</param>
/// <param name="Y">Groups in the second direction, at most <see cref="MostGroups"/>.</param>
/// <param name="Z">Groups in the third direction, at most <see cref="MostGroups"/>.</param>
/// <param name="Threads">Threads per group.</param>
internal readonly record struct LaunchShape(int X, int Y, int Z, int Threads)
{
    /// <summary>Most groups in the second and in the third direction: what CUDA allows.</summary>
    public const int MostGroups = 65_535;

    /// <summary>Threads per group of kernels in which every thread works alone.</summary>
    public const int ElementThreads = 256;

    /// <summary>Threads per group of kernels with barriers; small, because the emulation has a processor thread for each.</summary>
    public const int TeamThreads = 64;

    /// <summary>One thread per element.</summary>
    /// <param name="count">Number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than 2^31 - 1 elements.</exception>
    public static LaunchShape Elements(long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue);
        return new LaunchShape((int)((count + ElementThreads - 1) / ElementThreads), 1, 1, ElementThreads);
    }

    /// <summary>Groups of threads with barriers.</summary>
    public static LaunchShape Teams(int x, int y = 1, int z = 1) => new(x, y, z, TeamThreads);
}
