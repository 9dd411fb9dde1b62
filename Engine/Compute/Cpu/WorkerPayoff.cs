using System.Diagnostics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// Whether the other threads pay. On a busy machine one that has taken a block may wait for a processor many times longer than the block takes, and the
/// caller with it. Where calls take longer than they would alone, calls are made alone for a while, for longer each time; then the others are tried again.
/// </summary>
internal sealed class WorkerPayoff
{
    private const int FewestAlone = 256;
    private const int MostAlone = 1 << 16;

    // A millisecond lost or gained decides.
    private static readonly long Decisive = Stopwatch.Frequency / 1000;

    private long lost;
    private int alone;
    private int period = FewestAlone;

    /// <summary>Whether the next call is better made alone; counts the call.</summary>
    public bool IsAlone()
    {
        if (alone == 0)
        {
            return false;
        }

        alone--;
        return true;
    }

    /// <summary>Takes the times of a call with the others.</summary>
    /// <param name="worked">Time in which the caller ran its own blocks.</param>
    /// <param name="waited">Time in which it waited for the rest.</param>
    /// <param name="own">Blocks that it ran.</param>
    /// <param name="blocks">All blocks.</param>
    public void Add(long worked, long waited, int own, int blocks)
    {
        // Alone it would have run the others' blocks as fast as its own.
        lost += own == 0 ? 0 : waited - (worked * (blocks - own) / own);
        if (lost > Decisive)
        {
            alone = period;
            period = Math.Min(2 * period, MostAlone);
            lost = 0;
        }
        else if (lost < -Decisive)
        {
            period = FewestAlone;
            lost = -Decisive;
        }
    }
}
