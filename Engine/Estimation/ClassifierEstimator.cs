using System.Numerics;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Engine.Estimation;

/// <summary>Logits and log density ratios of a trained classifier. Not safe for use by several threads at once.</summary>
public sealed class ClassifierEstimator : IDisposable
{
    private readonly ClassifierModel model;
    private readonly ParameterBuffer parameters;
    private readonly ClassifierPass pass;
    private readonly int capacity;

    /// <summary>Puts a model on a backend.</summary>
    /// <param name="model">The model.</param>
    /// <param name="backend">Where to compute; the caller keeps ownership.</param>
    public ClassifierEstimator(ClassifierModel model, ComputeBackend backend)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backend);
        this.model = model;
        capacity = backend.PreferredRows;
        using var construction = new Construction(backend);
        parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        pass = new ClassifierPass(backend, model.Network, capacity);
        construction.Complete();
    }

    /// <summary>Logits of points; a softmax over them gives class probabilities under the shares of the training rows.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[rows, d]</c> in the data's coordinates.</param>
    /// <param name="cancellation">Looked at before every chunk of points.</param>
    /// <returns>Row-major <c>[rows, classes]</c>.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of d, or there are more logits than an array holds.</exception>
    public double[] Logits<T>(ReadOnlySpan<T> points, CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        int dimension = model.Network.Shape.Dimension, classes = model.Network.Shape.Classes;
        if (points.Length % dimension != 0)
        {
            throw new ArgumentException($"points has {points.Length} values; a multiple of the dimension {dimension} is needed.", nameof(points));
        }

        int rows = points.Length / dimension;
        if ((long)rows * classes > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(points), rows, $"points has {rows} rows; an array holds the logits of {classes} classes for at most {Array.MaxLength / classes}.");
        }

        double[] logits = new double[rows * classes];
        float[] chunk = new float[Math.Min(rows, capacity) * dimension];
        for (int first = 0; first < rows; first += capacity)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(capacity, rows - first);
            Span<float> own = chunk.AsSpan(0, count * dimension);
            ReadOnlySpan<T> source = points.Slice(first * dimension, count * dimension);
            if (model.Standardization is { } map)
            {
                map.Apply(source, own);
            }
            else
            {
                for (int i = 0; i < own.Length; i++)
                {
                    own[i] = float.CreateTruncating(source[i]);
                }
            }

            pass.Resize(count);
            pass.Input.Write<float>(own);
            pass.Forward(parameters);
            pass.Logits.Read(logits.AsSpan(first * classes, count * classes));
        }

        return logits;
    }

    /// <summary>log p(x | numerator) - log p(x | denominator) in nats: the log-odds without the prior odds of the training rows.</summary>
    /// <typeparam name="T">Type of the coordinates: double where float32 would lose digits.</typeparam>
    /// <param name="points">Row-major <c>[rows, d]</c> in the data's coordinates.</param>
    /// <param name="numerator">Class above the line.</param>
    /// <param name="denominator">Class below the line.</param>
    /// <param name="cancellation">Looked at before every chunk of points.</param>
    /// <returns>One value per point.</returns>
    public double[] LogRatios<T>(ReadOnlySpan<T> points, int numerator, int denominator, CancellationToken cancellation = default)
        where T : unmanaged, INumberBase<T>
    {
        int classes = model.Network.Shape.Classes;
        foreach (int index in (ReadOnlySpan<int>)[numerator, denominator])
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, classes);
        }

        double[] logits = Logits(points, cancellation);
        double prior = Math.Log(model.ClassShares[numerator] / model.ClassShares[denominator]);
        double[] ratios = new double[logits.Length / classes];
        for (int r = 0; r < ratios.Length; r++)
        {
            ratios[r] = logits[(r * classes) + numerator] - logits[(r * classes) + denominator] - prior;
        }

        return ratios;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pass.Dispose();
        parameters.Dispose();
    }
}
