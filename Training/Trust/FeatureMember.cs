using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Trust;

/// <summary>Ridge logistic regressions on the features of a map; a variant per penalty.</summary>
/// <param name="map">The features.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="weights">Per fit and variant, row-major <c>[fits, variants, logits, features + 1]</c>: weights, then the bias less the log share.</param>
/// <param name="variants">Number of variants.</param>
internal sealed class FeatureMember(FeatureMap map, int classes, float[] weights, int variants) : StackMember
{
    private readonly int logits = classes == 2 ? 1 : classes;
    private float[]? mean;

    /// <inheritdoc/>
    public override string Name => map.Name;

    /// <inheritdoc/>
    public override int Variants => variants;

    private int Size => variants * logits * (map.Count + 1);

    private int Repeats => weights.Length / Size / FoldTable.Folds;

    /// <summary>Fits one model per penalty without one fold.</summary>
    /// <param name="fit">The regression.</param>
    /// <param name="count">Number of features.</param>
    /// <param name="data">The rows.</param>
    /// <param name="rows">Rows that are not in the fold.</param>
    /// <param name="penalties">From strong to weak: each begins at the one before.</param>
    /// <param name="cancellation">Looked at before every iteration.</param>
    /// <returns>Row-major <c>[variants, logits, features + 1]</c>.</returns>
    public static float[] Fit(LogitFit fit, int count, LabelledPoints data, int[] rows, double[] penalties, CancellationToken cancellation)
    {
        double[] shares = data.Shares(rows);
        List<float> all = [];
        double[]? current = null;
        foreach (double penalty in penalties)
        {
            current = fit.Run(rows, penalty, current, cancellation);
            double[] own = [.. current];
            for (int k = 0; k < fit.Logits; k++)
            {
                own[((k + 1) * (count + 1)) - 1] -= data.Classes == 2 ? Math.Log(shares[1] / shares[0]) : Math.Log(shares[k]);
            }

            all.AddRange(own.Select(value => (float)value));
        }

        return [.. all];
    }

    /// <inheritdoc/>
    public override double[][] Evaluate(float[] points, sbyte[] folds, int repeats, ParallelOptions parallel)
    {
        int rows = folds.Length / repeats, dimension = points.Length / Math.Max(rows, 1);
        double[][] values = [.. Enumerable.Range(0, variants).Select(_ => new double[rows * classes])];
        mean ??= Mean();
        Parallel.For(0, rows, parallel, () => new float[map.Count], (r, _, features) =>
        {
            map.Apply(points.AsSpan(r * dimension, dimension), features);
            if (folds[r * repeats] < 0)
            {
                Add(features, mean, 1, values, r);
                return features;
            }

            int[] fits = [.. Fits(folds.AsMemory(r * repeats, repeats), Repeats)];
            foreach (int fit in fits)
            {
                Add(features, weights.AsSpan(fit * Size, Size), 1.0 / fits.Length, values, r);
            }

            return features;
        }, _ => { });
        return values;
    }

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix) =>
    [
        .. map.Tensors(prefix),
        SafetensorsTensor.Of($"{prefix}weights", weights, weights.Length / Size, variants, logits, map.Count + 1),
    ];

    /// <summary>Log-ratios are linear in the weights, so the mean over fits is one model.</summary>
    private float[] Mean()
    {
        float[] sums = new float[Size];
        int fits = weights.Length / Size;
        for (int i = 0; i < weights.Length; i++)
        {
            sums[i % Size] += weights[i] / fits;
        }

        return sums;
    }

    private void Add(float[] features, ReadOnlySpan<float> own, double share, double[][] values, int row)
    {
        int stride = map.Count + 1;
        for (int v = 0; v < variants; v++)
        {
            for (int k = 0; k < logits; k++)
            {
                ReadOnlySpan<float> model = own.Slice(((v * logits) + k) * stride, stride);
                values[v][(row * classes) + (classes == 2 ? 1 : k)] += share * (LogitFit.Dot(model[..map.Count], features) + model[^1]);
            }
        }
    }
}
