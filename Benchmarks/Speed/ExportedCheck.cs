using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// Our own outputs of an exported model at some points and times, for another program to compare its own with: velocities and scores
/// of both conditions and the log-ratio's rate along S1 with given probes. Points are in the network's coordinates.
/// </summary>
internal static class ExportedCheck
{
    private const int Rows = 64;
    private const ulong Seed = 1;
    private static readonly double[] Times = [1, 0.7, 0.25, 0];

    /// <summary>Evaluates and writes check.safetensors.</summary>
    public static void Write(string path, FlowModel model, float[] points)
    {
        int d = model.Dimension;
        int rows = Math.Min(Rows, points.Length / d);
        float[] inputs = points.AsSpan(0, rows * d).ToArray();
        model.Standardization?.Apply(inputs, inputs);

        using var backend = new CpuBackend();
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        var flow = new NetworkFlow(backend, model.Network, parameters, model.Schedule);
        Condition[] pair = [SpeedNetwork.Numerator, SpeedNetwork.Denominator];
        using FlowEvaluator evaluator = flow.CreateEvaluator(new EvaluationPlan(pair, 0, 0, [0, 1], rows));
        using var dynamics = new LogDensityDynamics(flow, pair, [(pair[0], 1)], DivergenceMethod.Hutchinson(), Seed, rows);
        using Matrix derivative = backend.CreateMatrix(rows, d);
        using Accumulator rates = backend.CreateAccumulator(rows, 2);
        int[] samples = [.. Enumerable.Range(0, rows)];
        dynamics.SetSamples(samples);
        dynamics.Points.Write<float>(inputs);
        evaluator.Points.Write<float>(inputs);

        List<float> velocities = [], scores = [];
        List<double> logRatioRates = [];
        foreach (double time in Times)
        {
            evaluator.Times.Write<double>([time]);
            evaluator.Evaluate();
            velocities.AddRange(Read(evaluator.Velocity, 0));
            velocities.AddRange(Read(evaluator.Velocity, 1));
            scores.AddRange(Read(evaluator.Score!, 0));
            scores.AddRange(Read(evaluator.Score!, 1));
            dynamics.Evaluate(time, 0, derivative, rates);
            double[] above = new double[rows], below = new double[rows];
            rates.Read(0, above);
            rates.Read(1, below);
            logRatioRates.AddRange(above.Zip(below, (a, b) => a - b));
        }

        // Stage 0 of the same sequence: the probes that the rates were computed with.
        using Matrix probes = backend.CreateMatrix(rows, d);
        using IndexBuffer sampleNumbers = backend.CreateIndices(rows), stages = backend.CreateIndices(rows);
        sampleNumbers.Write(samples);
        DivergenceMethod method = DivergenceMethod.Hutchinson();
        backend.FillProbes(new ProbeSequence(method.Distribution, Seed), sampleNumbers, stages, probes);
        SafetensorsFile.Write(path,
        [
            SafetensorsTensor.Of("points", inputs, rows, d),
            SafetensorsTensor.Of("times", Times, Times.Length),
            SafetensorsTensor.Of("probes", Read(probes, 0), rows, d),
            SafetensorsTensor.Of("velocity", [.. velocities], Times.Length, 2, rows, d),
            SafetensorsTensor.Of("score", [.. scores], Times.Length, 2, rows, d),
            SafetensorsTensor.Of("log_ratio_rate", [.. logRatioRates], Times.Length, rows),
        ]);
    }

    private static float[] Read(Matrix matrix, int segment)
    {
        float[] values = new float[matrix.Rows * matrix.Columns];
        matrix.Read<float>(values, segment);
        return values;
    }
}
