using System.Runtime.ExceptionServices;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>
/// A few threads that stay. Blocks are fixed by the caller and taken in turn by whoever is free; since no block depends on
/// another, results do not depend on the number of threads. Nothing is allocated per call after the first of its kind.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 2000;
    private readonly Thread[] workers;
    private readonly Lock gate = new();
    private readonly object sleepers = new();
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
        if (workers.Length == 0 || blocks == 1)
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
            current.Prepare(work, blocks, workers.Length);
            job = current;
            Publish();
            current.TakeBlocks();
            current.WaitForWorkers();
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
            Job? current = job;
            if (current is not null)
            {
                current.TakeBlocks();
                current.LeaveWorker();
            }
        }
    }

    private void WaitForChange(int seen)
    {
        var spinner = default(SpinWait);
        for (int i = 0; i < SpinsBeforeSleep; i++)
        {
            if (generation != seen)
            {
                return;
            }

            spinner.SpinOnce(sleep1Threshold: -1);
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

    private abstract class Job
    {
        private int next;
        private int blocks;
        private int busy;
        private ExceptionDispatchInfo? failure;

        public void Reset(int count, int workerCount)
        {
            blocks = count;
            next = 0;
            failure = null;
            Volatile.Write(ref busy, workerCount);
        }

        public void TakeBlocks()
        {
            try
            {
                for (int block = Interlocked.Increment(ref next) - 1; block < blocks; block = Interlocked.Increment(ref next) - 1)
                {
                    RunBlock(block);
                }
            }
#pragma warning disable CA1031 // Carried to the calling thread, which throws it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                Volatile.Write(ref next, blocks);
            }
        }

        public void LeaveWorker() => Interlocked.Decrement(ref busy);

        public void WaitForWorkers()
        {
            var spinner = default(SpinWait);
            while (Volatile.Read(ref busy) > 0)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }
        }

        /// <summary>Lets go of the work's memory and throws what a block threw.</summary>
        public void Finish()
        {
            Forget();
            failure?.Throw();
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

        public void Prepare(in TWork newWork, int blocks, int workerCount)
        {
            work = newWork;
            Reset(blocks, workerCount);
        }

        protected override void RunBlock(int block) => work.Run(block);

        protected override void Forget() => work = default;
    }
}
