using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// The network of all measurements (d = 20, L = 64, E = 32, T = 32, one covariate of two categories; only the heads' width
/// differs) and the arithmetic that it takes. Weights are random: no kernel's time depends on them.
/// </summary>
internal static class SpeedNetwork
{
    public const int Dimension = 20;

    /// <summary>The category above the line.</summary>
    public static Condition Numerator { get; } = new(1);

    /// <summary>The category below the line.</summary>
    public static Condition Denominator { get; } = new(0);

    /// <summary>The network with heads of a width.</summary>
    public static VelocityScoreNetwork Create(int width) => new(new NetworkShape(Dimension, [2])
    {
        DataHidden = 256, DataCode = 64, ConditionHidden = 256, ConditionCode = 32, TimeFeatures = 32, HeadHidden = width, HeadLayers = 3,
        TimeScale = 1,
    });

    /// <summary>The same as a model.</summary>
    public static FlowModel CreateModel(int width)
    {
        VelocityScoreNetwork network = Create(width);
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("distribution", ["denominator", "numerator"]));
        return new FlowModel(network.Shape, network.Initialize(1), PathSchedule.Deterministic, vocabulary);
    }

    /// <summary>Normal deviates, row-major.</summary>
    public static float[] Normal(int rows, int columns, uint set) => new GaussianTask(columns, 0).Sample(rows, false, 1, set);

    /// <summary>A matrix of normal deviates.</summary>
    public static Matrix NormalMatrix(ComputeBackend backend, int rows, int columns, uint set, int segments = 1)
    {
        Matrix matrix = backend.CreateMatrix(rows, columns, segments);
        for (int segment = 0; segment < segments; segment++)
        {
            matrix.Write<float>(Normal(rows, columns, set + (uint)segment), segment);
        }

        return matrix;
    }

    /// <summary>One head's forward pass per row.</summary>
    public static double HeadFlop(NetworkShape shape) => Product(shape.HeadInput, shape.HeadHidden) + RestOfHead(shape);

    /// <summary>The data encoder's forward pass per row.</summary>
    public static double EncoderFlop(NetworkShape shape) =>
        Product(shape.Dimension, shape.DataHidden) + Product(shape.DataHidden, shape.DataCode);

    /// <summary>
    /// Forward pass, weight gradients and those data gradients that lead to a parameter, per row. Condition encoders and
    /// the optimiser are left out.
    /// </summary>
    public static double TrainingFlop(NetworkShape shape)
    {
        double forward = (2 * HeadFlop(shape)) + EncoderFlop(shape);
        double headData = Product(shape.DataCode + shape.ConditionCodes, shape.HeadHidden) + RestOfHead(shape);
        return forward + forward + (2 * headData) + Product(shape.DataHidden, shape.DataCode);
    }

    /// <summary>One evaluation of the log-ratio's rate per row, with what all conditions share counted once.</summary>
    public static double EvaluationFlop(NetworkShape shape, StackLayout velocities, int scores)
    {
        double shared = Product(shape.DataCode, shape.HeadHidden);
        double encoder = (1 + velocities.Probes) * EncoderFlop(shape);
        double velocity = ((1 + velocities.Probes) * shared) + (velocities.Segments * RestOfHead(shape));
        double score = scores == 0 ? 0 : shared + (scores * RestOfHead(shape));
        return encoder + velocity + score;
    }

    private static double RestOfHead(NetworkShape shape) =>
        ((shape.HeadLayers - 1) * Product(shape.HeadHidden, shape.HeadHidden)) + Product(shape.HeadHidden, shape.Dimension);

    private static double Product(double inputs, double outputs) => 2 * inputs * outputs;
}
