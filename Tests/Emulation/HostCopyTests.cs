using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Solvers;
using FlowRatio.Kernels.Backend;
using FlowRatio.Kernels.Devices;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Emulation;

/// <summary>
/// The device is never waited for in the middle: a training step and a solve with equal steps make no copy in either direction, and a
/// quadrature copies only to the device, once per batch of nodes.
/// </summary>
public sealed class HostCopyTests
{
    private const int Dimension = 3;
    private const int Rows = 5;

    [Test]
    public void A_training_step_copies_nothing([Values] bool withBase, [Values(Rows, 200)] int rows)
    {
        using var backend = new DeviceBackend(new EmulatedDevice());
        var random = new RandomData(5);
        TrainingSet set = TrainingSet.FromClasses(
            "c", Dimension, ("a", random.Normal(10 * Dimension)), ("b", random.Normal(10 * Dimension)), ("c", random.Normal(10 * Dimension)));
        var network = new VelocityScoreNetwork(new NetworkShape(Dimension, [3]) { HeadHidden = 8, DataHidden = 8 });
        using var objective = new FlowMatchingObjective(
            backend, network, set, PathSchedule.Deterministic, [0.1], rows, 1, withBase ? Support.BaseFlows.Flow(Dimension) : null);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using var average = new WeightAverage(backend, parameters, 0.99);

        void Step(int step)
        {
            objective.Forward(parameters, step);
            objective.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, 1e-3, average);
        }

        // The first step writes what is kept: the identity that conditions are encoded from, the frequencies of time features.
        Step(0);
        Assert.That(Copies(backend.Device, () => Step(1)), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void A_solve_with_equal_steps_copies_nothing([Values] bool exact, [Values] bool withBase)
    {
        using var backend = new DeviceBackend(new EmulatedDevice());
        FlowModel model = SmallModel.Create(Dimension);
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write<float>(model.Parameters);
        using BaseFlowBuffer? baseFlow = withBase ? backend.CreateBaseFlow(Support.BaseFlows.Flow(Dimension)) : null;
        var flow = new NetworkFlow(backend, model.Network, parameters, model.Schedule, baseFlow);
        Condition a = new(0), b = new(1);
        using var dynamics = new LogDensityDynamics(
            flow, [a, b], [(a, 0.5), (b, 0.5)], exact ? DivergenceMethod.Exact : DivergenceMethod.Hutchinson(2), 1, Rows);
        using var solver = new FixedStepSolver(backend, ButcherTableau.RungeKutta4, Rows, Dimension, dynamics.RateSeries);
        dynamics.SetSamples([.. Enumerable.Range(0, Rows)]);
        solver.State.Write<float>(new RandomData(6).Normal(Rows * Dimension));
        solver.Solve(dynamics, 1, 0, 1);
        Assert.That(Copies(backend.Device, () => solver.Solve(dynamics, 1, 0, 2)), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void A_solve_along_the_velocity_copies_nothing()
    {
        // What a quadrature does between its nodes; at the nodes it reads nothing back either (see the estimators' own tests).
        using var backend = new DeviceBackend(new EmulatedDevice());
        FlowModel model = SmallModel.Create(Dimension);
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write<float>(model.Parameters);
        var flow = new NetworkFlow(backend, model.Network, parameters, model.Schedule);
        using var dynamics = new VelocityDynamics(flow, [(new Condition(0), 1)], Rows);
        using var solver = new FixedStepSolver(backend, ButcherTableau.RungeKutta4, Rows, Dimension, rateSeries: 0);
        solver.State.Write<float>(new RandomData(6).Normal(Rows * Dimension));
        solver.Solve(dynamics, 1, 0, 1);
        Assert.That(Copies(backend.Device, () => solver.Solve(dynamics, 1, 0, 2)), Is.EqualTo((0L, 0L)));
    }

    private static (long Reads, long Writes) Copies(Device device, Action work)
    {
        (long reads, long writes) = (device.HostReads, device.HostWrites);
        work();
        return (device.HostReads - reads, device.HostWrites - writes);
    }
}
