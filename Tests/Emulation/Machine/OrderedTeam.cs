namespace FlowRatio.Tests.Emulation;

/// <summary>
/// Threads one after the other: at a barrier each wakes the next one, and the last one the first. Only one of them ever runs, so none
/// takes time from another.
/// </summary>
internal sealed class OrderedTeam : ThreadTeam
{
    private readonly AutoResetEvent[] turns;
    private readonly AutoResetEvent allEnded = new(false);
    private readonly bool alternates;
    private bool isDescending;
    private int arrived;
    private int ended;
    private int running;
    private bool stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Threads per group.</param>
    /// <param name="order">Who is first; not <see cref="ThreadOrder.Parallel"/>.</param>
    public OrderedTeam(int size, ThreadOrder order)
        : base(size)
    {
        alternates = order == ThreadOrder.Alternating;
        isDescending = order != ThreadOrder.Ascending;
        turns = [.. Enumerable.Range(0, size).Select(_ => new AutoResetEvent(false))];
        Start();
    }

    /// <inheritdoc/>
    protected override void Launch()
    {
        (arrived, ended, running) = (0, 0, Size);
        isDescending ^= alternates;
        turns[isDescending ? Size - 1 : 0].Set();
        allEnded.WaitOne();
    }

    /// <inheritdoc/>
    protected override void Stop()
    {
        stopping = true;
        Array.ForEach(turns, turn => turn.Set());
    }

    /// <inheritdoc/>
    protected override bool WaitForLaunch(int index)
    {
        turns[index].WaitOne();
        return !stopping;
    }

    /// <inheritdoc/>
    /// <remarks>After a failure the turn goes round once, and each thread leaves.</remarks>
    protected override void Leave(int index)
    {
        if (--running == 0)
        {
            allEnded.Set();
        }
        else
        {
            PassTurn(index);
        }
    }

    /// <inheritdoc/>
    protected override void Wait(int index, bool atEnd)
    {
        ended += atEnd ? 1 : 0;
        if (++arrived == Size)
        {
            CheckBarrier(ended);
            (arrived, ended) = (0, 0);
        }

        PassTurn(index);
        turns[index].WaitOne();
        ThrowIfAnotherFailed();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Array.ForEach(turns, turn => turn.Dispose());
        allEnded.Dispose();
    }

    private void PassTurn(int index) => turns[(index + (isDescending ? Size - 1 : 1)) % Size].Set();
}
