using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Training.Trust;

/// <summary>Ratio heads.</summary>
/// <param name="fits">Per repeat and fold.</param>
/// <param name="classes">Number of classes.</param>
internal sealed class HeadMember(IReadOnlyList<RatioHead> fits, int classes) : StackMember
{
    /// <inheritdoc/>
    public override string Name => "head";

    /// <summary>Reads what <see cref="Tensors"/> wrote.</summary>
    public static HeadMember Read(SafetensorsFile file, string prefix, int dimension, int classes)
    {
        double[] times = file[$"{prefix}times"].ToDouble();
        float[] parameters = file[$"{prefix}parameters"].ToSingle();
        double[] shares = file[$"{prefix}shares"].ToDouble();
        ClassifierShape shape = RatioHeadTrainer.Shape(dimension, classes);
        int count = new ClassifierNetwork(shape).ParameterCount;
        if (parameters.Length != (long)times.Length * count || shares.Length != times.Length * classes)
        {
            throw new InvalidDataException($"'{prefix}parameters' has {parameters.Length} numbers; {times.Length} heads have {count} each.");
        }

        return new HeadMember(
            [
                .. times.Select((time, i) => new RatioHead(
                    new ClassifierModel(shape, parameters[(i * count)..((i + 1) * count)], null, shares[(i * classes)..((i + 1) * classes)]), time)),
            ],
            classes);
    }

    /// <inheritdoc/>
    public override double[][] Evaluate(float[] points, sbyte[] folds, int repeats, ParallelOptions parallel)
    {
        int rows = folds.Length / repeats, dimension = points.Length / Math.Max(rows, 1);
        double[] values = new double[rows * classes];
        int[][] fitsOf = [.. Enumerable.Range(0, rows).Select(r => Fits(folds.AsMemory(r * repeats, repeats), fits.Count / FoldTable.Folds).ToArray())];
        using var backend = new CpuBackend(parallel.MaxDegreeOfParallelism < 0 ? 0 : parallel.MaxDegreeOfParallelism);
        for (int fit = 0; fit < fits.Count; fit++)
        {
            int number = fit;
            int[] own = [.. Enumerable.Range(0, rows).Where(r => fitsOf[r].Contains(number))];
            float[] part = new float[own.Length * dimension];
            for (int i = 0; i < own.Length; i++)
            {
                points.AsSpan(own[i] * dimension, dimension).CopyTo(part.AsSpan(i * dimension));
            }

            double[] found = own.Length == 0 ? [] : fits[fit].Evaluate(part, backend, parallel.CancellationToken);
            for (int i = 0; i < found.Length; i++)
            {
                int row = own[i / classes];
                values[(row * classes) + (i % classes)] += found[i] / fitsOf[row].Length;
            }
        }

        return [values];
    }

    /// <inheritdoc/>
    public override IEnumerable<SafetensorsTensor> Tensors(string prefix)
    {
        float[] parameters = [.. fits.SelectMany(fit => fit.Classifier.Parameters.ToArray())];
        double[] shares = [.. fits.SelectMany(fit => fit.Classifier.ClassShares)];
        yield return SafetensorsTensor.Of($"{prefix}times", (ReadOnlySpan<double>)[.. fits.Select(fit => fit.Time)], fits.Count);
        yield return SafetensorsTensor.Of($"{prefix}parameters", parameters, fits.Count, parameters.Length / fits.Count);
        yield return SafetensorsTensor.Of($"{prefix}shares", shares, fits.Count, classes);
    }
}
