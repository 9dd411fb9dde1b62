using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// The codes of all categories of one covariate. A category's code depends on nothing else, so the encoder runs once on the few
/// one-hot rows (the identity) instead of on every row of a batch; rows then look their code up. The levels of a continuous covariate (its
/// different values) take the place of the categories.
/// </summary>
internal sealed class ConditionCodes : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly IReadOnlyList<LinearLayer> encoder;
    private readonly Matrix inputs;
    private readonly Matrix hidden;
    private readonly Matrix codes;
    private readonly Matrix dHidden;
    private readonly Matrix dCodes;

    /// <summary>Allocates the codes.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="encoder">The covariate's encoder.</param>
    /// <param name="levels">Levels of a continuous covariate; null for a categorical one.</param>
    public ConditionCodes(ComputeBackend backend, IReadOnlyList<LinearLayer> encoder, IReadOnlyList<float>? levels = null)
    {
        this.backend = backend;
        this.encoder = encoder;
        int categories = levels?.Count ?? encoder[0].Inputs;
        inputs = backend.CreateMatrix(categories, encoder[0].Inputs);
        hidden = backend.CreateMatrix(categories, encoder[0].Outputs);
        codes = backend.CreateMatrix(categories, encoder[1].Outputs);
        dHidden = backend.CreateMatrix(categories, encoder[0].Outputs);
        dCodes = backend.CreateMatrix(categories, encoder[1].Outputs);
        inputs.Write<float>(levels is null ? Identity(categories) : [.. levels]);
    }

    /// <summary>Computes the codes of all categories.</summary>
    public void Update(ParameterBuffer parameters)
    {
        StackLayout stack = StackLayout.Primal(1);
        backend.Linear(inputs, encoder[0].Weight(parameters), encoder[0].Bias(parameters), Activation.Selu, stack, hidden);
        backend.Linear(hidden, encoder[1].Weight(parameters), encoder[1].Bias(parameters), Activation.None, stack, codes);
    }

    /// <summary>Looks up the code of each row's category; -1 gives the zero code.</summary>
    public void Gather(IndexBuffer categories, Matrix rows) => backend.GatherRows(codes, categories, rows);

    /// <summary>Gradients of the encoder from the gradients of the rows' codes.</summary>
    public void Backward(ParameterBuffer parameters, ParameterBuffer gradients, IndexBuffer categories, Matrix dRows)
    {
        backend.ScatterRows(dRows, categories, dCodes);
        backend.LinearBackward(
            dCodes,
            encoder[1].Weight(parameters),
            hidden,
            Activation.Selu,
            encoder[1].Weight(gradients),
            encoder[1].Bias(gradients),
            dHidden);
        backend.LinearBackwardWeights(
            dHidden, inputs, GradientMode.Overwrite, encoder[0].Weight(gradients), encoder[0].Bias(gradients));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inputs.Dispose();
        hidden.Dispose();
        codes.Dispose();
        dHidden.Dispose();
        dCodes.Dispose();
    }

    private static float[] Identity(int size)
    {
        float[] identity = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            identity[(i * size) + i] = 1;
        }

        return identity;
    }
}
