using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// Whitens a layer's inputs in the gradient of its weight: dW = dY^T X P with P = (C / tau + damping I)^-1, where C = E[x x^T] over recent batches and tau is
/// the mean of its eigenvalues. Inputs of hidden layers are mostly one common signal and its linear part; what bends a field are directions in which they
/// vary little, and along which plain gradients hardly move. P makes all directions alike: the input side of K-FAC (Martens and Grosse, "Optimizing neural
/// networks with Kronecker-factored approximate curvature", 2015), which alone does most of its work (Benzing, "Gradient descent on neurons and its link to
/// approximate second-order optimization", 2022). Adam takes the result as any other gradient.
/// </summary>
internal sealed class InputWhitening : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly Matrix input;
    private readonly Matrix whitened;
    private readonly ParameterBuffer moments;
    private readonly ParameterBuffer inverse;
    private readonly double damping;
    private int observed;
    private bool isReady;

    /// <summary>Plans for one input.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="input">X of the training pass, <c>[rows, inputs]</c>.</param>
    /// <param name="damping">Added to the eigenvalues, whose mean is 1; positive.</param>
    public InputWhitening(ComputeBackend backend, Matrix input, double damping)
    {
        this.backend = backend;
        this.input = input;
        this.damping = damping;
        whitened = backend.CreateMatrix(input.Rows, Size);
        moments = backend.CreateParameters(Size * Size);
        inverse = backend.CreateParameters(Size * Size);
    }

    /// <summary>Number of values in <see cref="Read"/>.</summary>
    public int StateLength => (2 * Size * Size) + 2;

    private int Size => input.Columns;

    /// <summary>X P of the last forward pass, for the gradient of a weight; X itself before the first <see cref="Replace"/>.</summary>
    public Matrix Apply()
    {
        if (!isReady)
        {
            return input;
        }

        backend.Linear(input, View(inverse), null, Activation.None, StackLayout.Primal(1), whitened);
        return whitened;
    }

    /// <summary>Adds the inputs of the last forward pass to the moments.</summary>
    public void Observe()
    {
        backend.LinearBackwardWeights(input, input, observed == 0 ? GradientMode.Overwrite : GradientMode.Accumulate, View(moments), null);
        observed += input.Rows;
    }

    /// <summary>The moments since the last time, row-major <c>[inputs, inputs]</c>; null without any.</summary>
    public double[]? TakeMoments()
    {
        if (observed == 0)
        {
            return null;
        }

        double[] sums = new double[Size * Size];
        moments.Read<double>(sums);
        observed = 0;
        return sums;
    }

    /// <summary>Turns moments into P in place, which may run beside others.</summary>
    /// <param name="sums">A multiple of C; overwritten.</param>
    /// <returns>False where there is no signal to whiten; what is not finite stops the training elsewhere, with a message.</returns>
    public bool Invert(double[] sums)
    {
        double trace = 0;
        for (int i = 0; i < Size; i++)
        {
            trace += sums[(i * Size) + i];
        }

        if (!(trace > 0) || !Array.TrueForAll(sums, double.IsFinite))
        {
            return false;
        }

        double scale = Size / trace;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = (scale * sums[i]) + (i % (Size + 1) == 0 ? damping : 0);
        }

        return SymmetricInverse.TryInPlace(sums, Size);
    }

    /// <summary>Takes a new P.</summary>
    /// <param name="values">Row-major <c>[inputs, inputs]</c>.</param>
    public void Replace(double[] values)
    {
        inverse.Write<double>(values);
        isReady = true;
    }

    /// <summary>Moments, inverse, rows observed, whether there is an inverse.</summary>
    public void Read(Span<float> state)
    {
        int area = Size * Size;
        moments.Read(state[..area]);
        inverse.Read(state.Slice(area, area));
        state[^2] = observed;
        state[^1] = isReady ? 1 : 0;
    }

    /// <summary>Goes on from what <see cref="Read"/> gave.</summary>
    /// <exception cref="ArgumentException">The state is damaged.</exception>
    public void Restore(ReadOnlySpan<float> state)
    {
        if (state.ContainsAnyExceptInRange(float.MinValue, float.MaxValue) || !(state[^2] >= 0) || state[^1] is not (0 or 1))
        {
            throw new ArgumentException(
                $"state of whitened inputs is damaged: {state[^2]} rows, flag {state[^1]}, or a number that is not finite.", nameof(state));
        }

        int area = Size * Size;
        moments.Write(state[..area]);
        inverse.Write(state.Slice(area, area));
        observed = (int)state[^2];
        isReady = state[^1] != 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        whitened.Dispose();
        moments.Dispose();
        inverse.Dispose();
    }

    private ParameterView View(ParameterBuffer buffer) => new(buffer, 0, Size, Size, Size);
}
