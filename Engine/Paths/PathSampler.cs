using FlowRatio.Engine.Randomness;

namespace FlowRatio.Engine.Paths;

/// <summary>
/// The random choices of training as pure functions of (seed, step, row): which rows make a batch, which conditions are dropped,
/// the time and the noise. Every backend uses these integers, so all of them train on the same batches. All but the times are
/// plain arithmetic, which kernels on a device call as it is.
/// </summary>
public static class PathSampler
{
    /// <summary>Largest batch: row and column of a noise element share one word of the counter.</summary>
    public const int LargestRows = 1 << 20;

    /// <summary>Largest dimension, for the same reason.</summary>
    public const int LargestDimension = 4 << 12;

    /// <summary>Row at position <paramref name="position"/> of the endless sequence of shuffled epochs.</summary>
    /// <param name="population">Number of rows.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="position">Batch number times batch size plus index in the batch.</param>
    public static int Row(int population, ulong seed, long position)
    {
        ulong epoch = (ulong)(position / population);
        return KeyedPermutation.Image(
            (int)(position % population),
            population,
            Philox.Block(seed, RandomStream.Shuffle, (uint)epoch, (uint)(epoch >> 32)));
    }

    /// <summary>Whether a covariate of one row is dropped.</summary>
    /// <param name="probability">Probability of dropping.</param>
    /// <param name="covariate">Number of the covariate.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="row">Index in the batch.</param>
    public static bool Drops(double probability, int covariate, ulong seed, long step, int row)
    {
        uint high = (uint)(step >> 32) ^ ((uint)covariate << 16);
        return Philox.Block(seed, RandomStream.ConditionDrop, (uint)row, (uint)step, high).Uniform01 < probability;
    }

    /// <summary>Time of one row, uniform on [0, schedule.LatestTime).</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="row">Index in the batch.</param>
    public static double Time(PathSchedule schedule, ulong seed, long step, int row)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return schedule.LatestTime * UnitTime(seed, step, row);
    }

    /// <summary>Time of one row, uniform on [path.FirstTime, path.LastTime).</summary>
    /// <param name="path">The path of a time score.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="row">Index in the batch.</param>
    public static double Time(TimeScorePath path, ulong seed, long step, int row)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.FirstTime + ((path.LastTime - path.FirstTime) * UnitTime(seed, step, row));
    }

    /// <summary>Time of one row as a fraction of the schedule's latest time, uniform on [0, 1).</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="row">Index in the batch.</param>
    public static double UnitTime(ulong seed, long step, int row) =>
        Philox.Block(seed, RandomStream.Time, (uint)row, (uint)step, (uint)(step >> 32)).Uniform01;

    /// <summary>
    /// Row whose time and noise a row of a batch has. Mirrored, rows 2k and 2k + 1 have one time and noise of opposite sign, though x_1 of their own: what is
    /// odd in the noise at one time cancels in the gradient. A row that is not its own noise row has the noise times -1.
    /// </summary>
    /// <param name="row">Index in the batch.</param>
    /// <param name="mirrored">Whether rows are paired.</param>
    public static int NoiseRow(int row, bool mirrored) => mirrored ? row & ~1 : row;

    /// <summary>Four standard normal deviates: columns 4 quad to 4 quad + 3 of one row's noise.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Number of the batch.</param>
    /// <param name="row">Index in the batch, below 2^20.</param>
    /// <param name="quad">Number of the group of four columns, below 2^12.</param>
    public static PhiloxBlock Noise(ulong seed, long step, int row, int quad) =>
        Philox.Block(seed, RandomStream.Noise, ((uint)quad << 20) | (uint)row, (uint)step, (uint)(step >> 32));
}
