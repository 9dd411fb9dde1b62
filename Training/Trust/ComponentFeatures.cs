using FlowRatio.Engine.Models;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Probabilities of a point's belonging to each component of a mixture that was fitted without labels: populations of which conditions have more or less.
/// </summary>
/// <param name="components">The mixture.</param>
internal sealed class ComponentFeatures(IReadOnlyList<MixtureComponent> components) : FeatureMap
{
    // Rows to fit with: components of half a percent of the rows are seen in so many.
    private const int MostRows = 4000;
    private const int RowsPerComponent = 25;
    private const int Iterations = 40;
    private const double Gain = 1e-4;
    private const double RelativeFloor = 1e-3;

    /// <inheritdoc/>
    public override int Count => components.Count;

    /// <inheritdoc/>
    public override string Name => "components";

    /// <summary>Fits a mixture of diagonal Gaussians.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="count">Components at the start; those with too few rows are removed.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public static ComponentFeatures Fit(ReadOnlyMemory<float> points, int dimension, int count, ulong seed, ParallelOptions parallel)
    {
        int rows = points.Length / dimension;
        int[] chosen = [.. Enumerable.Range(0, Math.Min(rows, MostRows)).Select(i => (int)((long)i * rows / Math.Min(rows, MostRows)))];
        RowMoments whole = RowMoments.Of(points.Span, dimension, chosen);
        double floor = RelativeFloor * GaussianBaseFit.Floor([whole]) / GaussianBaseFit.RelativeFloor;
        var fit = new ExpectationMaximization(points, whole, isDiagonal: true, floor);
        ExpectationMaximization.State state = fit.Start(chosen, Math.Clamp(chosen.Length / RowsPerComponent, 1, count), seed, 0);
        return new ComponentFeatures(fit.Run(state, chosen, Iterations, Gain, parallel).Components);
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> point, Span<float> features)
    {
        double[] deviation = new double[MixtureComponent.Stride(point.Length)];
        double[] logs = new double[components.Count];
        double largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = components[k].LogDensity(point, deviation);
            largest = Math.Max(largest, logs[k]);
        }

        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = Math.Exp(logs[k] - largest);
            sum += logs[k];
        }

        for (int k = 0; k < logs.Length; k++)
        {
            features[k] = (float)(logs[k] / sum);
        }
    }

    /// <summary>Reads what <see cref="Tensors"/> wrote.</summary>
    public static ComponentFeatures Read(SafetensorsFile file, string prefix, int dimension)
    {
        double[] weights = file[$"{prefix}weights_of_components"].ToDouble();
        double[] means = file[$"{prefix}means"].RequireShape(weights.Length, dimension).ToDouble();
        double[] variances = file[$"{prefix}variances"].RequireShape(weights.Length, dimension).ToDouble();
        return new ComponentFeatures(
        [
            .. weights.Select((weight, k) =>
            {
                double[] covariance = new double[dimension * dimension];
                for (int j = 0; j < dimension; j++)
                {
                    covariance[j * (dimension + 1)] = variances[(k * dimension) + j];
                }

                return new MixtureComponent(weight, means[(k * dimension)..((k + 1) * dimension)], covariance, true, GaussianBaseFit.SmallestVariance);
            }),
        ]);
    }

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix)
    {
        int dimension = components[0].Mean.Length;
        double[] variances = [.. components.SelectMany(component => Enumerable.Range(0, dimension).Select(j => component.Covariance[j * (dimension + 1)]))];
        return
        [
            SafetensorsTensor.Of($"{prefix}weights_of_components", (ReadOnlySpan<double>)[.. components.Select(component => component.Weight)], Count),
            SafetensorsTensor.Of($"{prefix}means", (ReadOnlySpan<double>)[.. components.SelectMany(component => component.Mean)], Count, dimension),
            SafetensorsTensor.Of($"{prefix}variances", variances, Count, dimension),
        ];
    }
}
