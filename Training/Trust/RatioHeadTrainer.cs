using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Randomness;
using FlowRatio.Training.Data;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Trains a <see cref="RatioHead"/> by cross-entropy until the label log-loss of a tenth of its rows no longer falls, and chooses t* by the same loss. The
/// path's noise is what keeps it from learning its rows by heart.
/// </summary>
internal static class RatioHeadTrainer
{
    private const int Width = 128;
    private const int Layers = 3;
    private const int MostSteps = 3000;
    private const int BatchRows = 256;
    private const int Interval = 100;
    private const int Patience = 6;
    private const double Rate = 1e-3;
    private const double AverageDecay = 0.99;
    private const int HeldOutParts = 10;
    private const int CleanPart = 4;
    private static readonly double[] Times = [1, 0.95, 0.9, 0.8];

    /// <summary>Sizes of the network.</summary>
    public static ClassifierShape Shape(int dimension, int classes) =>
        new(dimension + RatioHead.TimeFeatures, classes) { Hidden = Width, HiddenLayers = Layers };

    /// <summary>Trains.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    public static RatioHead Train(LabelledPoints data, ulong seed, ComputeBackend backend, CancellationToken cancellation)
    {
        int[] folds = StratifiedFolds.Assign(data.Labels, HeldOutParts, seed);
        LabelledPoints kept = data.Select([.. Enumerable.Range(0, data.Rows).Where(r => folds[r] != 0)]);
        LabelledPoints heldOut = data.Select([.. Enumerable.Range(0, data.Rows).Where(r => folds[r] == 0)]);
        double[] shares = kept.Shares([.. Enumerable.Range(0, kept.Rows)]);
        var network = new ClassifierNetwork(Shape(data.Dimension, data.Classes));
        float[][] probes = [.. Times.Select(time => RatioHead.Inputs(heldOut.Points, data.Dimension, time))];
        int batch = Math.Min(BatchRows, kept.Rows);
        float[] inputs = new float[batch * network.Shape.Dimension];
        int[] labels = new int[batch];

        using var pass = new ClassifierTrainingPass(backend, network, batch);
        using IndexBuffer batchLabels = backend.CreateIndices(batch);
        using Accumulator loss = backend.CreateAccumulator(1);
        using ParameterBuffer parameters = backend.CreateParameters(network.ParameterCount);
        using ParameterBuffer gradients = backend.CreateParameters(network.ParameterCount);
        parameters.Write<float>(network.Initialize(seed, shares));
        using var optimizer = new AdamOptimizer(backend, network.ParameterCount);
        using var average = new WeightAverage(backend, parameters, AverageDecay);
        float[] current = new float[network.ParameterCount];
        parameters.Read<float>(current);

        // The untrained network knows the classes' shares and nothing else.
        (double Loss, double Time, int Step) best = (Best(network, current, shares, probes, heldOut.Labels, backend).Loss, 1, 0);
        float[] bestParameters = [.. current];
        for (int step = 0; step < MostSteps && step - best.Step < Patience * Interval; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(kept, step, seed, inputs, labels);
            pass.Input.Write<float>(inputs);
            batchLabels.Write(labels);
            pass.Forward(parameters);
            backend.SoftmaxCrossEntropy(pass.Logits, batchLabels, 0, loss, pass.LogitGradient);
            pass.Backward(parameters, gradients);
            optimizer.Step(parameters, gradients, Rate, average);
            if ((step + 1) % Interval == 0)
            {
                average.Parameters.Read<float>(current);
                (double Loss, double Time) now = Best(network, current, shares, probes, heldOut.Labels, backend);
                if (now.Loss < best.Loss)
                {
                    best = (now.Loss, now.Time, step + 1);
                    current.CopyTo(bestParameters, 0);
                }
            }
        }

        return new RatioHead(new ClassifierModel(network.Shape, bestParameters, null, shares), best.Time);
    }

    private static (double Loss, double Time) Best(
        ClassifierNetwork network, float[] parameters, double[] shares, float[][] probes, int[] labels, ComputeBackend backend)
    {
        using var estimator = new ClassifierEstimator(new ClassifierModel(network.Shape, parameters, null, shares), backend);
        return probes.Select((points, i) => (LogLoss.Mean(estimator.Logits(points), labels), Times[i])).MinBy(entry => entry.Item1);
    }

    /// <summary>A batch: a quarter of its rows at t = 1, the rest at the root of a uniform time.</summary>
    private static void Fill(LabelledPoints data, int step, ulong seed, float[] inputs, int[] labels)
    {
        int dimension = data.Dimension, width = dimension + RatioHead.TimeFeatures;
        for (int i = 0; i < labels.Length; i++)
        {
            PhiloxBlock draw = Philox.Block(seed, RandomStream.HeadTime, (uint)i, (uint)step);
            int row = Math.Min(data.Rows - 1, (int)(draw.Uniform01 * data.Rows));
            double time = i < labels.Length / CleanPart ? 1 : Math.Sqrt(draw.X2 / 4294967296.0);
            Span<float> input = inputs.AsSpan(i * width, width);
            ReadOnlySpan<float> point = data.Points.AsSpan(row * dimension, dimension);
            for (int j = 0; j < dimension; j += 4)
            {
                PhiloxBlock noise = Philox.Block(seed, RandomStream.HeadNoise, (uint)i, (uint)step, (uint)j / 4);
                for (int k = j; k < Math.Min(dimension, j + 4); k++)
                {
                    input[k] = (float)((time * point[k]) + (time < 1 ? (1 - time) * noise.Normal(k - j) : 0));
                }
            }

            RatioHead.FillTime(time, input[dimension..]);
            labels[i] = data.Labels[row];
        }
    }
}
