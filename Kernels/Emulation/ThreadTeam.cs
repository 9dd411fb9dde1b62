using System.Runtime.ExceptionServices;

namespace FlowRatio.Kernels.Emulation;

/// <summary>
/// Processor threads that stand for the threads of one group, kept from launch to launch. A barrier yields the processor until all
/// have come: with 64 threads on two cores that takes a tenth of a millisecond, a third of what System.Threading.Barrier takes.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private const int YieldsBeforeSleep = 200;
    private const int StackBytes = 256 << 10;
    private readonly Thread[] threads;
    private readonly object sleepers = new();
    private readonly List<EmulatedMemory> shared = [];
    private readonly ThreadOrder order;
    private Action<EmulatedThread>? work;
    private ExceptionDispatchInfo? failure;
    private int launch;
    private int running;
    private int arrived;
    private int ended;
    private int barrier;
    private int turn;
    private bool stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Threads per group.</param>
    /// <param name="order">How they take turns.</param>
    public ThreadTeam(int size, ThreadOrder order)
    {
        this.order = order;
        turn = FirstTurn(size);
        threads = new Thread[size];
        for (int i = 0; i < size; i++)
        {
            int index = i;
            threads[i] = new Thread(() => Live(index), StackBytes) { IsBackground = true, Name = $"FlowRatio kernel thread {i}" };
            threads[i].Start();
        }
    }

    private bool HasFailed => Volatile.Read(ref failure) is not null;

    /// <summary>Runs one function on every thread of the team and returns when all have ended.</summary>
    /// <exception cref="Exception">What the first thread that failed threw.</exception>
    public void Run(Action<EmulatedThread> function)
    {
        work = function;
        failure = null;
        arrived = 0;
        ended = 0;
        turn = FirstTurn(threads.Length);
        running = threads.Length;
        lock (sleepers)
        {
            launch++;
            Monitor.PulseAll(sleepers);
        }

        while (Volatile.Read(ref running) > 0)
        {
            Thread.Yield();
        }

        work = null;
        failure?.Throw();
    }

    /// <summary>The group's barrier.</summary>
    public void Wait(int index) => Wait(index, atEnd: false);

    private void Wait(int index, bool atEnd)
    {
        int current = Volatile.Read(ref barrier);
        if (atEnd)
        {
            Interlocked.Increment(ref ended);
        }

        PassTurn(index);
        if (Interlocked.Increment(ref arrived) == threads.Length)
        {
            if (ended != 0 && ended != threads.Length)
            {
                throw new InvalidOperationException("Some threads of a group ended without a barrier at which the others wait.");
            }

            if (ended != 0)
            {
                shared.ForEach(memory => memory.Fill(byte.MaxValue));
            }

            arrived = 0;
            ended = 0;
            Volatile.Write(ref turn, FirstTurn(threads.Length));
            Volatile.Write(ref barrier, current + 1);
        }
        else
        {
            while (Volatile.Read(ref barrier) == current)
            {
                ThrowIfAnotherFailed();
                Thread.Yield();
            }
        }

        WaitForTurn(index);
    }

    /// <summary>The end of a group: the next one finds its shared memory as NaN.</summary>
    public void EndGroup(EmulatedThread thread)
    {
        thread.SharedAllocations = 0;
        Wait(thread.IndexInGroup, atEnd: true);
    }

    /// <summary>The shared array of one allocation.</summary>
    public unsafe ArrayView<T> Shared<T>(int allocation, int length)
        where T : unmanaged
    {
        lock (shared)
        {
            long bytes = (long)length * sizeof(T);
            if (allocation == shared.Count)
            {
                shared.Add(new EmulatedMemory(bytes));
                shared[allocation].Fill(byte.MaxValue);
            }
            else if (shared[allocation].Bytes < bytes)
            {
                // Kernels differ in what they share; the team's array grows to the largest. All threads come here before any writes:
                // a kernel allocates before its first barrier, and who came first has the array that the others get.
                shared[allocation].Dispose();
                shared[allocation] = new EmulatedMemory(bytes);
                shared[allocation].Fill(byte.MaxValue);
            }

            return new ArrayView<T>(shared[allocation], 0, length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (sleepers)
        {
            stopping = true;
            Monitor.PulseAll(sleepers);
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        shared.ForEach(memory => memory.Dispose());
    }

    private int FirstTurn(int size) => order == ThreadOrder.Descending ? size - 1 : 0;

    private void Live(int index)
    {
        EmulatedThread thread = EmulatedThread.Current;
        thread.IndexInGroup = index;
        thread.GroupSize = threads.Length;
        thread.Team = this;
        int seen = 0;
        while (true)
        {
            WaitForLaunch(ref seen);

            if (stopping)
            {
                return;
            }

            try
            {
                thread.SharedAllocations = 0;
                WaitForTurn(index);
                work!(thread);
                PassTurn(index);
            }
#pragma warning disable CA1031 // Carried to the launching thread, which throws it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            Interlocked.Decrement(ref running);
        }
    }

    /// <summary>Launches follow each other closely: yields for a while, then sleeps.</summary>
    private void WaitForLaunch(ref int seen)
    {
        for (int i = 0; i < YieldsBeforeSleep; i++)
        {
            if (Volatile.Read(ref launch) != seen)
            {
                seen = Volatile.Read(ref launch);
                return;
            }

            Thread.Yield();
        }

        lock (sleepers)
        {
            while (launch == seen && !stopping)
            {
                Monitor.Wait(sleepers);
            }

            seen = launch;
        }
    }

    private void PassTurn(int index)
    {
        if (order != ThreadOrder.Parallel)
        {
            Volatile.Write(ref turn, order == ThreadOrder.Ascending ? index + 1 : index - 1);
        }
    }

    private void WaitForTurn(int index)
    {
        while (order != ThreadOrder.Parallel && Volatile.Read(ref turn) != index)
        {
            ThrowIfAnotherFailed();
            Thread.Yield();
        }
    }

    private void ThrowIfAnotherFailed()
    {
        if (HasFailed)
        {
            throw new OperationCanceledException("Another thread of the group failed.");
        }
    }
}
