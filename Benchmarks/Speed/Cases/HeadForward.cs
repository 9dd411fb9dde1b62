using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Benchmarks.Speed.Cases;

/// <summary>A whole head with its epilogues: four layers, three of them with SELU, from features to the velocity.</summary>
internal sealed class HeadForward : ISpeedCase
{
    private readonly ParameterBuffer parameters;
    private readonly Matrix features;
    private readonly HeadPass head;

    /// <summary>Prepares the velocity head of a width for so many rows.</summary>
    public HeadForward(ComputeBackend backend, int width, int rows)
    {
        VelocityScoreNetwork network = SpeedNetwork.Create(width);
        parameters = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(1));
        features = SpeedNetwork.NormalMatrix(backend, rows, network.Shape.HeadInput, 0);
        head = new HeadPass(backend, network.VelocityHead, rows);
        Work = new SpeedWork(rows * SpeedNetwork.HeadFlop(network.Shape));
    }

    /// <inheritdoc/>
    public SpeedWork Work { get; }

    /// <inheritdoc/>
    public void Run() => head.Forward(parameters, features);

    /// <inheritdoc/>
    public void Dispose()
    {
        parameters.Dispose();
        features.Dispose();
        head.Dispose();
    }
}
