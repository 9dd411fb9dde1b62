using FlowRatio.Engine.Compute.Cpu;

namespace FlowRatio.Tests.Compute;

/// <summary>Every block runs exactly once, sleepers wake, failures reach the caller, and a disposed pool refuses.</summary>
public sealed class WorkerPoolTests
{
    [Test]
    public void Every_block_runs_once([Values(1, 2, 3, 8)] int threads, [Values(1, 2, 7, 100)] int blocks)
    {
        using var pool = new WorkerPool(threads);
        for (int repetition = 0; repetition < 50; repetition++)
        {
            int[] runs = new int[blocks];
            pool.Run(new CountWork { Runs = runs }, blocks);
            Assert.That(runs, Is.All.EqualTo(1));
        }
    }

    [Test]
    public void More_threads_than_processors_that_fall_asleep_between_jobs_all_wake()
    {
        using var pool = new WorkerPool(6);
        for (int repetition = 0; repetition < 40; repetition++)
        {
            int[] runs = new int[12];
            pool.Run(new CountWork { Runs = runs }, runs.Length);
            Assert.That(runs, Is.All.EqualTo(1));

            // Long enough for some workers to give up spinning, short enough for others not to.
            Thread.Sleep(repetition % 5);
        }
    }

    [Test]
    public void A_failure_reaches_the_caller_as_it_was_thrown([Values(1, 3)] int threads)
    {
        using var pool = new WorkerPool(threads);
        Assert.That(() => pool.Run(default(FailingWork), 9), Throws.InstanceOf<NotSupportedException>().With.Message.EqualTo("block 4"));
        int[] runs = new int[5];
        pool.Run(new CountWork { Runs = runs }, 5);
        Assert.That(runs, Is.All.EqualTo(1), "the pool goes on");
    }

    [Test]
    public void A_disposed_pool_refuses_instead_of_waiting_for_ever([Values(1, 3)] int threads)
    {
        var pool = new WorkerPool(threads);
        pool.Run(new CountWork { Runs = new int[4] }, 4);
        pool.Dispose();
        pool.Dispose();
        Assert.That(() => pool.Run(new CountWork { Runs = new int[4] }, 4), Throws.InstanceOf<ObjectDisposedException>());
    }

    private struct CountWork : IBlockWork
    {
        public int[] Runs;

        public readonly void Run(int block) => Interlocked.Increment(ref Runs[block]);
    }

    private struct FailingWork : IBlockWork
    {
        public readonly void Run(int block)
        {
            if (block == 4)
            {
                throw new NotSupportedException("block 4");
            }
        }
    }
}
