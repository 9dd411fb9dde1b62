using System.Runtime.ExceptionServices;

namespace FlowRatio.Tests.Emulation;

/// <summary>Processor threads that stand for the threads of one group, kept from launch to launch.</summary>
internal abstract class ThreadTeam : IDisposable
{
    private const int StackBytes = 256 << 10;
    private readonly Thread[] threads;
    private readonly List<EmulatedMemory> shared = [];
    private Action<EmulatedThread>? work;
    private ExceptionDispatchInfo? failure;

    /// <summary>Creates the threads; a derived class starts them when it is ready (<see cref="Start"/>).</summary>
    /// <param name="size">Threads per group.</param>
    protected ThreadTeam(int size) => threads =
    [
        .. Enumerable.Range(0, size).Select(
            i => new Thread(() => Live(i), StackBytes) { IsBackground = true, Name = $"FlowRatio kernel thread {i}" }),
    ];

    /// <summary>Threads per group.</summary>
    protected int Size => threads.Length;

    /// <summary>Whether a thread has thrown in this launch.</summary>
    protected bool HasFailed => Volatile.Read(ref failure) is not null;

    /// <summary>A team whose threads take turns in some way.</summary>
    /// <param name="size">Threads per group.</param>
    /// <param name="order">How they take turns.</param>
    public static ThreadTeam Create(int size, ThreadOrder order) =>
        order == ThreadOrder.Parallel ? new ParallelTeam(size) : new OrderedTeam(size, order);

    /// <summary>Runs one function on every thread of the team and returns when all have ended.</summary>
    /// <exception cref="Exception">What the first thread that failed threw.</exception>
    public void Run(Action<EmulatedThread> function)
    {
        work = function;
        failure = null;
        Launch();
        work = null;
        failure?.Throw();
    }

    /// <summary>The group's barrier.</summary>
    /// <param name="index">The thread.</param>
    public void Wait(int index) => Wait(index, atEnd: false);

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
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the threads.</summary>
    protected void Start() => Array.ForEach(threads, thread => thread.Start());

    /// <summary>Lets every thread run what it is to run, once, and waits for all.</summary>
    protected abstract void Launch();

    /// <summary>Lets every thread end.</summary>
    protected abstract void Stop();

    /// <summary>Ends the threads and frees what they share.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        Stop();
        Array.ForEach(threads, thread => thread.Join());
        shared.ForEach(memory => memory.Dispose());
    }

    /// <summary>Waits for a launch.</summary>
    /// <param name="index">The thread.</param>
    /// <returns>False where the thread is to end.</returns>
    protected abstract bool WaitForLaunch(int index);

    /// <summary>A thread has run what it was to run, or failed in it.</summary>
    /// <param name="index">The thread.</param>
    protected abstract void Leave(int index);

    /// <summary>A barrier, or the end of a group.</summary>
    /// <param name="index">The thread.</param>
    /// <param name="atEnd">Whether it is the end of a group.</param>
    protected abstract void Wait(int index, bool atEnd);

    /// <summary>To be called when all threads have come to a barrier, before any goes on.</summary>
    /// <param name="ended">How many of them are at the end of the group.</param>
    protected void CheckBarrier(int ended)
    {
        if (ended != 0 && ended != Size)
        {
            throw new InvalidOperationException("Some threads of a group ended without a barrier at which the others wait.");
        }

        if (ended != 0)
        {
            shared.ForEach(memory => memory.Fill(byte.MaxValue));
        }
    }

    /// <summary>To be called by a thread that has waited for others.</summary>
    protected void ThrowIfAnotherFailed()
    {
        if (HasFailed)
        {
            throw new OperationCanceledException("Another thread of the group failed.");
        }
    }

    private void Live(int index)
    {
        EmulatedThread thread = EmulatedThread.Current;
        thread.IndexInGroup = index;
        thread.GroupSize = Size;
        thread.Team = this;
        while (WaitForLaunch(index))
        {
            try
            {
                ThrowIfAnotherFailed();
                thread.SharedAllocations = 0;
                work!(thread);
            }
#pragma warning disable CA1031 // Carried to the launching thread, which throws it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            Leave(index);
        }
    }
}
