using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowRatio.Training.Trust;

/// <summary>
/// Ridge multinomial logistic regression on given features: the sum over rows of -log softmax(W phi + b)_c and penalty / 2 times the squares of W, by
/// L-BFGS (Liu and Nocedal, 1989). With two classes one logit says everything; that of the first is then zero.
/// </summary>
/// <param name="features">phi, row-major <c>[all rows, count]</c>.</param>
/// <param name="count">Number of features.</param>
/// <param name="labels">Class of every row.</param>
/// <param name="classes">Number of classes.</param>
internal sealed class LogitFit(float[] features, int count, int[] labels, int classes)
{
    private const int Memory = 8;
    private const int MostIterations = 100;
    private const int MostHalvings = 20;
    private const double Converged = 1e-5;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Number of logits that are free.</summary>
    public int Logits { get; } = classes == 2 ? 1 : classes;

    /// <summary>Fits some rows.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="penalty">Of the squared weights; biases are free.</param>
    /// <param name="start">Where to begin; null for the classes' shares.</param>
    /// <param name="cancellation">Looked at before every iteration.</param>
    /// <returns>Row-major <c>[logits, count + 1]</c>: weights, then the bias.</returns>
    public double[] Run(int[] rows, double penalty, double[]? start, CancellationToken cancellation)
    {
        double[] x = start is null ? Start(rows) : [.. start];
        double[] gradient = new double[x.Length], next = new double[x.Length], nextGradient = new double[x.Length], direction = new double[x.Length];
        List<(double[] Step, double[] Change, double Inverse)> memory = [];
        double value = Evaluate(rows, penalty, x, gradient);
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            Direct(gradient, memory, direction);
            double slope = Dot(gradient, direction), length = 1, reached = 0;
            bool isLower = false;
            for (int halving = 0; halving < MostHalvings && !isLower; halving++)
            {
                for (int i = 0; i < x.Length; i++)
                {
                    next[i] = x[i] + (length * direction[i]);
                }

                reached = Evaluate(rows, penalty, next, nextGradient);
                isLower = reached <= value + (SufficientDecrease * length * slope);
                length /= 2;
            }

            if (!isLower)
            {
                break;
            }

            double[] step = new double[x.Length], change = new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                (step[i], change[i]) = (next[i] - x[i], nextGradient[i] - gradient[i]);
            }

            double curvature = Dot(step, change);
            if (curvature > 0)
            {
                memory.Add((step, change, 1 / curvature));
                if (memory.Count > Memory)
                {
                    memory.RemoveAt(0);
                }
            }

            double gained = value - reached;
            (x, next) = (next, x);
            (gradient, nextGradient, value) = (nextGradient, gradient, reached);
            if (gained < Converged)
            {
                break;
            }
        }

        return x;
    }

    private double[] Start(int[] rows)
    {
        double[] shares = new double[classes], x = new double[Logits * (count + 1)];
        foreach (int row in rows)
        {
            shares[labels[row]] += 1.0 / rows.Length;
        }

        for (int k = 0; k < Logits; k++)
        {
            x[((k + 1) * (count + 1)) - 1] = classes == 2 ? Math.Log(shares[1] / shares[0]) : Math.Log(shares[k]);
        }

        return x;
    }

    /// <summary>Objective per row and its gradient.</summary>
    private double Evaluate(int[] rows, double penalty, double[] x, double[] gradient)
    {
        int stride = count + 1;
        float[] weights = [.. x.Select(value => (float)value)], sums = new float[x.Length];
        double[] logits = new double[Logits];
        Array.Clear(gradient);
        double total = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> phi = features.AsSpan(rows[i] * count, count);
            for (int k = 0; k < Logits; k++)
            {
                logits[k] = Dot(weights.AsSpan(k * stride, count), phi) + x[((k + 1) * stride) - 1];
            }

            total += Residuals(labels[rows[i]], logits);
            for (int k = 0; k < Logits; k++)
            {
                AddScaled(sums.AsSpan(k * stride, count), (float)logits[k], phi);
                sums[((k + 1) * stride) - 1] += (float)logits[k];
            }

            // Sums in float32 are kept short.
            if (i % 256 == 255 || i == rows.Length - 1)
            {
                for (int j = 0; j < sums.Length; j++)
                {
                    gradient[j] += sums[j];
                }

                Array.Clear(sums);
            }
        }

        for (int j = 0; j < x.Length; j++)
        {
            double pull = (j + 1) % stride == 0 ? 0 : penalty * x[j];
            total += 0.5 * pull * x[j];
            gradient[j] = (gradient[j] + pull) / rows.Length;
        }

        return total / rows.Length;
    }

    /// <summary>Loss of a row; its logits become their derivatives.</summary>
    private double Residuals(int label, double[] logits)
    {
        if (classes == 2)
        {
            double z = logits[0], sign = label == 1 ? 1 : -1;
            logits[0] = (1 / (1 + Math.Exp(-z))) - label;
            return Math.Max(0, -sign * z) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        }

        double largest = logits.Max(), sum = 0, own = logits[label];
        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] = Math.Exp(logits[k] - largest);
            sum += logits[k];
        }

        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] = (logits[k] / sum) - (k == label ? 1 : 0);
        }

        return largest + Math.Log(sum) - own;
    }

    /// <summary>Minus the gradient times the inverse Hessian as the last steps saw it.</summary>
    private static void Direct(double[] gradient, List<(double[] Step, double[] Change, double Inverse)> memory, double[] direction)
    {
        double[] projections = new double[memory.Count];
        gradient.CopyTo(direction, 0);
        for (int m = memory.Count - 1; m >= 0; m--)
        {
            projections[m] = memory[m].Inverse * Dot(memory[m].Step, direction);
            AddScaled(direction, -projections[m], memory[m].Change);
        }

        double scale = memory.Count == 0 ? 1 / Math.Max(1e-30, Math.Sqrt(Dot(gradient, gradient))) : 1 / (memory[^1].Inverse * Dot(memory[^1].Change, memory[^1].Change));
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] *= -scale;
        }

        for (int m = 0; m < memory.Count; m++)
        {
            double back = memory[m].Inverse * Dot(memory[m].Change, direction);
            AddScaled(direction, -projections[m] - back, memory[m].Step);
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(double[] target, double factor, double[] vector)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * vector[i];
        }
    }

    /// <summary>Inner product of two rows of float32.</summary>
    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> left = MemoryMarshal.Cast<float, Vector<float>>(a), right = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sum = default;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        float result = Vector.Sum(sum);
        for (int i = left.Length * Vector<float>.Count; i < a.Length; i++)
        {
            result += a[i] * b[i];
        }

        return result;
    }

    private static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> vector)
    {
        Span<Vector<float>> left = MemoryMarshal.Cast<float, Vector<float>>(target);
        ReadOnlySpan<Vector<float>> right = MemoryMarshal.Cast<float, Vector<float>>(vector);
        var scale = new Vector<float>(factor);
        for (int i = 0; i < left.Length; i++)
        {
            left[i] += scale * right[i];
        }

        for (int i = left.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += factor * vector[i];
        }
    }
}
