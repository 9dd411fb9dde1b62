using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// A few threads that stay. Blocks are fixed by the caller and taken in turn by whoever is free; since no block depends on
/// another, results do not depend on the number of threads. Nothing is allocated per call after the first of its kind.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    // A turn of waiting that takes longer gave the processor to somebody else: the machine is busy, and who waits had better sleep.
    private static readonly long LongestTurn = Stopwatch.Frequency / 20_000;

    private readonly Thread[] workers;
    private readonly Lock gate = new();
    private readonly object sleepers = new();
    private readonly WorkerPayoff payoff = new();
    private Job? job;
    private volatile int generation;
    private int sleeping;
    private volatile bool stopping;

    /// <summary>Starts the pool.</summary>
    /// <param name="threads">Threads in all, the caller's included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true, Name = $"FlowRatio worker {i + 1}" };
            workers[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Runs all blocks and returns when the last is done.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed.</exception>
    public void Run<TWork>(in TWork work, int blocks)
        where TWork : struct, IBlockWork
    {
        ObjectDisposedException.ThrowIf(stopping, typeof(CpuBackend));
        if (workers.Length == 0 || blocks == 1 || payoff.IsAlone())
        {
            TWork local = work;
            for (int block = 0; block < blocks; block++)
            {
                local.Run(block);
            }

            return;
        }

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping, typeof(CpuBackend));
            Job<TWork> current = Job<TWork>.Cached ??= new Job<TWork>();
            current.Prepare(work, blocks);
            job = current;
            Publish();
            long start = Stopwatch.GetTimestamp();
            int own = current.TakeBlocks();
            long end = Stopwatch.GetTimestamp();
            current.WaitForBlocks();
            payoff.Add(end - start, Stopwatch.GetTimestamp() - end, own, blocks);
            job = null;
            current.Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
            Publish();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }
    }

    /// <summary>Starts the next generation and wakes whoever sleeps.</summary>
    private void Publish()
    {
        Interlocked.Increment(ref generation);
        if (Volatile.Read(ref sleeping) > 0)
        {
            lock (sleepers)
            {
                Monitor.PulseAll(sleepers);
            }
        }
    }

    private void Work()
    {
        int seen = 0;
        while (true)
        {
            WaitForChange(seen);
            if (stopping)
            {
                return;
            }

            seen = generation;
            job?.TakeBlocks();
        }
    }

    private void WaitForChange(int seen)
    {
        var spinner = default(SpinWait);
        for (int i = 0; i < SpinsBeforeSleep && TakesTurn(ref spinner); i++)
        {
            if (generation != seen)
            {
                return;
            }
        }

        lock (sleepers)
        {
            // Counted before looking once more: a publisher either sees the sleeper or is seen by it.
            Interlocked.Increment(ref sleeping);
            while (generation == seen)
            {
                Monitor.Wait(sleepers);
            }

            Interlocked.Decrement(ref sleeping);
        }
    }

    /// <summary>One turn of waiting; false where somebody else needs the processor.</summary>
    private static bool TakesTurn(ref SpinWait spinner)
    {
        long before = Stopwatch.GetTimestamp();
        spinner.SpinOnce(sleep1Threshold: -1);
        return Stopwatch.GetTimestamp() - before <= LongestTurn;
    }

    /// <summary>
    /// Blocks of one call. The call ends when all blocks are done, not when all workers have looked: one that the machine has not let run in time finds
    /// nothing left, or the blocks of a later call, which are as good.
    /// </summary>
    private abstract class Job
    {
        private readonly object caller = new();

        // Blocks that nobody has taken, and above them the number of the call, so that a block is taken of the call that was looked at.
        private ulong open;
        private int blocks;
        private int undone;
        private volatile bool isCallerAsleep;
        private ExceptionDispatchInfo? failure;

        public void Reset(int count)
        {
            blocks = count;
            failure = null;
            Volatile.Write(ref undone, count);
            Volatile.Write(ref open, (((open >> 32) + 1) << 32) | (uint)count);
        }

        /// <summary>Runs blocks until none is open; returns how many.</summary>
        public int TakeBlocks()
        {
            int own = 0;
            while (Take(isRest: false) is > 0 and var left)
            {
                int done = 1;
                own++;
                try
                {
                    RunBlock(blocks - left);
                }
#pragma warning disable CA1031 // Carried to the calling thread, which throws it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                    done += Take(isRest: true);
                }

                if (Interlocked.Add(ref undone, -done) == 0 && isCallerAsleep)
                {
                    lock (caller)
                    {
                        Monitor.Pulse(caller);
                    }
                }
            }

            return own;
        }

        public void WaitForBlocks()
        {
            var spinner = default(SpinWait);
            for (int i = 0; i < SpinsBeforeSleep; i++)
            {
                if (Volatile.Read(ref undone) == 0)
                {
                    return;
                }

                if (!TakesTurn(ref spinner))
                {
                    break;
                }
            }

            lock (caller)
            {
                // Set before looking once more: a worker either sees the sleeper or is seen by it.
                isCallerAsleep = true;
                Interlocked.MemoryBarrier();
                while (Volatile.Read(ref undone) > 0)
                {
                    Monitor.Wait(caller);
                }

                isCallerAsleep = false;
            }
        }

        /// <summary>Lets go of the work's memory and throws what a block threw.</summary>
        public void Finish()
        {
            Forget();
            failure?.Throw();
        }

        /// <summary>Takes one open block, or all of them; returns how many were open before, or were taken.</summary>
        private int Take(bool isRest)
        {
            ulong seen = Volatile.Read(ref open);
            while ((uint)seen > 0)
            {
                ulong before = Interlocked.CompareExchange(ref open, isRest ? seen & ~(ulong)uint.MaxValue : seen - 1, seen);
                if (before == seen)
                {
                    break;
                }

                seen = before;
            }

            return (int)(uint)seen;
        }

        protected abstract void RunBlock(int block);

        protected abstract void Forget();
    }

    private sealed class Job<TWork> : Job
        where TWork : struct, IBlockWork
    {
        [ThreadStatic]
        private static Job<TWork>? cached;
        private TWork work;

        public static Job<TWork>? Cached
        {
            get => cached;
            set => cached = value;
        }

        public void Prepare(in TWork newWork, int blocks)
        {
            work = newWork;
            Reset(blocks);
        }

        protected override void RunBlock(int block) => work.Run(block);

        protected override void Forget() => work = default;
    }
}
