using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Compute;

/// <summary>After warm-up a training step and a solver stage allocate nothing on the calling thread.</summary>
public sealed class AllocationTests
{
    private const int Dimension = 6;

    [Test]
    public void A_training_step_allocates_nothing([Values] bool withBase)
    {
        using var backend = new CpuBackend(threads: 2);
        var random = new RandomData(5);
        TrainingSet set = TrainingSet.FromClasses(
            "c", Dimension, ("a", random.Normal(100 * Dimension)), ("b", random.Normal(100 * Dimension)), ("c", random.Normal(100 * Dimension)));
        var network = new VelocityScoreNetwork(new NetworkShape(Dimension, [3]) { HeadHidden = 32, DataHidden = 16 });
        using var objective = new FlowMatchingObjective(backend, network, set, PathSchedule.Deterministic, [0.1], 40, 1, withBase ? Support.BaseFlows.Flow(Dimension) : null);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using var average = new WeightAverage(backend, parameters, 0.99);
        int step = 0;

        void Step()
        {
            objective.Forward(parameters, step++);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, 1e-3);
            average.Update(parameters);
            _ = objective.Loss;
        }

        Assert.That(AllocatedBy(Step, 5), Is.Zero);
    }

    [Test]
    public void A_training_step_of_a_time_score_allocates_nothing([Values] TimeScoreLoss loss)
    {
        using var backend = new CpuBackend(threads: 2);
        using var run = new TimeScoreRun(backend, loss, TimeScorePath.TwoSided(), rows: 40, hidden: 32);
        int step = 0;
        Assert.That(AllocatedBy(() => run.Step(step++), 5), Is.Zero);
    }

    [Test]
    public void A_solve_allocates_nothing([Values] bool exact, [Values] bool withBase)
    {
        using var backend = new CpuBackend(threads: 2);
        var network = new VelocityScoreNetwork(new NetworkShape(Dimension, [2]) { HeadHidden = 32, DataHidden = 16 });
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        using BaseFlowBuffer? baseFlow = withBase ? backend.CreateBaseFlow(Support.BaseFlows.Flow(Dimension)) : null;
        var flow = new NetworkFlow(backend, network, parameters, PathSchedule.Deterministic, baseFlow);
        Condition a = new(0), b = new(1);
        using var dynamics = new LogDensityDynamics(
            flow, [a, b], [(a, 0.5), (b, 0.5)], exact ? DivergenceMethod.Exact : DivergenceMethod.Hutchinson(2), 1, 70);
        using var solver = new FixedStepSolver(backend, ButcherTableau.RungeKutta4, 70, Dimension, dynamics.RateSeries);
        float[] points = new RandomData(6).Normal(70 * Dimension);
        int[] samples = [.. Enumerable.Range(0, 70)];

        void Solve()
        {
            dynamics.SetSamples(samples);
            solver.State.Write<float>(points);
            solver.Solve(dynamics, 1, 0, 3);
        }

        Assert.That(AllocatedBy(Solve, 3), Is.Zero);
    }

    [Test]
    public void An_adaptive_solve_allocates_nothing()
    {
        using var backend = new CpuBackend(threads: 2);
        var network = new VelocityScoreNetwork(new NetworkShape(Dimension, [2]) { HeadHidden = 32, DataHidden = 16 });
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        var flow = new NetworkFlow(backend, network, parameters, PathSchedule.Deterministic);
        Condition a = new(0), b = new(1);
        using var dynamics = new LogDensityDynamics(
            flow, [a, b], [(a, 1)], DivergenceMethod.Hutchinson(), 1, 70, timePerRow: true);
        using var solver = new AdaptiveSolver(
            backend, ButcherTableau.DormandPrince5, new AdaptiveOptions(1e-3, 1e-3), 70, Dimension, dynamics.RateSeries);
        float[] points = new RandomData(6).Normal(70 * Dimension);
        int[] samples = [.. Enumerable.Range(0, 70)];

        void Solve()
        {
            dynamics.SetSamples(samples);
            solver.Solve(dynamics, points, 1, 0);
        }

        Assert.That(AllocatedBy(Solve, 3), Is.Zero);
    }

    private static long AllocatedBy(Action work, int repetitions)
    {
        // Warm-up: JIT, scratch buffers, packed weights. A thread makes its own scratch when it first gets a share of the work, and which thread
        // gets which is chance; so that may happen once afterwards, and what counts is what every round allocates.
        const int rounds = 3;
        work();
        work();
        long least = long.MaxValue;
        for (int round = 0; round < rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < repetitions; i++)
            {
                work();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
