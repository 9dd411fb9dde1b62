using FlowRatio.Engine.Compute;

namespace FlowRatio.Training.Optimizers;

/// <summary>Adam with its moments in flat buffers beside the parameters (Kingma and Ba, 2015; no weight decay).</summary>
public sealed class AdamOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly ComputeBackend backend;
    private readonly ParameterBuffer firstMoment;
    private readonly ParameterBuffer secondMoment;
    private readonly double largestRatio;

    /// <summary>Allocates the moments.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="length">Number of parameters.</param>
    /// <param name="largestRatio">Bound of the gradients relative to their second moments (<see cref="AdamStep.LargestRatio"/>); 0 for none.</param>
    public AdamOptimizer(ComputeBackend backend, int length, double largestRatio = 0)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfNegative(largestRatio);
        this.backend = backend;
        this.largestRatio = largestRatio;
        firstMoment = backend.CreateParameters(length);
        secondMoment = backend.CreateParameters(length);
    }

    /// <summary>Steps done.</summary>
    public long Steps { get; private set; }

    /// <summary>Updates the parameters.</summary>
    /// <param name="parameters">Updated in place.</param>
    /// <param name="gradients">Gradients.</param>
    /// <param name="learningRate">Rate of this step.</param>
    /// <param name="average">Takes the updated parameters in, in the same pass; or null. As <see cref="WeightAverage.Update"/> would, to the same bits.</param>
    public void Step(ParameterBuffer parameters, ParameterBuffer gradients, double learningRate, WeightAverage? average = null)
    {
        Steps++;
        var step = new AdamStep(learningRate, Beta1, Beta2, Epsilon, Steps) { LargestRatio = largestRatio };
        if (average is null)
        {
            backend.Adam(parameters, gradients, firstMoment, secondMoment, step);
        }
        else
        {
            backend.AdamAndAverage(parameters, gradients, firstMoment, secondMoment, step, average.NextDecay(), average.Parameters);
        }
    }

    /// <summary>Copies the moments out.</summary>
    /// <param name="first">Mean of the gradients, one per parameter.</param>
    /// <param name="second">Mean of their squares.</param>
    public void Read(Span<float> first, Span<float> second)
    {
        firstMoment.Read(first);
        secondMoment.Read(second);
    }

    /// <summary>Continues after some steps of an earlier run.</summary>
    /// <param name="first">Mean of the gradients, as <see cref="Read"/> gave it.</param>
    /// <param name="second">Mean of their squares.</param>
    /// <param name="steps">Steps that were done.</param>
    public void Restore(ReadOnlySpan<float> first, ReadOnlySpan<float> second, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        firstMoment.Write(first);
        secondMoment.Write(second);
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        firstMoment.Dispose();
        secondMoment.Dispose();
    }
}
