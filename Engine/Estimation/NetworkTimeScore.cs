using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Estimation;

/// <summary>The time score of a trained network.</summary>
internal sealed class NetworkTimeScore : ITimeScore
{
    private readonly ParameterBuffer parameters;
    private readonly TimeScorePass pass;
    private readonly double[] times;

    public NetworkTimeScore(ComputeBackend backend, TimeScoreModel model, int capacity)
    {
        Backend = backend;
        parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        pass = new TimeScorePass(backend, model.Network, capacity, StackLayout.Primal(1));
        times = new double[capacity];
    }

    /// <inheritdoc/>
    public ComputeBackend Backend { get; }

    /// <inheritdoc/>
    public Matrix Points => pass.Points[0];

    /// <inheritdoc/>
    public void Resize(int rows) => pass.Resize(rows);

    /// <inheritdoc/>
    public Matrix Evaluate(double t)
    {
        Span<double> column = times.AsSpan(0, Points.Rows);
        column.Fill(t);
        pass.Times[0].Write<double>(column);
        pass.Forward(parameters);
        return pass.Output;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pass.Dispose();
        parameters.Dispose();
    }
}
