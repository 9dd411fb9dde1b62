using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Networks;

/// <summary>
/// One head for all conditions at once. Its first layer splits into a data part, computed once for the points and their tangents,
/// a row per condition, computed once per solve, and a row per time; from there on all rows go through each layer as one product.
/// </summary>
internal sealed class HeadEvaluation : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly NetworkShape shape;
    private readonly IReadOnlyList<LinearLayer> layers;
    private readonly ParameterBuffer parameters;
    private readonly StackLayout stack;
    private readonly Matrix shared;
    private readonly Matrix conditionRows;
    private readonly Matrix timeRows;
    private readonly bool timePerRow;

    public HeadEvaluation(NetworkFlow flow, IReadOnlyList<LinearLayer> layers, EvaluationPlan plan, StackLayout stack)
    {
        backend = flow.Backend;
        shape = flow.Network.Shape;
        this.layers = layers;
        parameters = flow.Parameters;
        this.stack = stack;
        shared = backend.CreateMatrix(plan.Rows, shape.HeadHidden, 1 + stack.Probes);
        conditionRows = backend.CreateMatrix(stack.PrimalSegments, shape.HeadHidden);
        timePerRow = plan.TimePerRow;
        timeRows = backend.CreateMatrix(timePerRow ? plan.Rows : 1, shape.HeadHidden);
    }

    /// <summary>Renews the conditions' rows from their codes.</summary>
    /// <param name="codes">Codes of all covariates side by side, one row per condition.</param>
    public void SetConditions(Matrix codes)
    {
        ParameterView weight = layers[0].Weight(parameters).SliceColumns(shape.DataCode, shape.ConditionCodes);
        backend.Linear(codes, weight, null, Activation.None, StackLayout.Primal(1), conditionRows);
    }

    public void Resize(int rows)
    {
        shared.Resize(rows);
        if (timePerRow)
        {
            timeRows.Resize(rows);
        }
    }

    /// <summary>Evaluates the head.</summary>
    /// <param name="dataCode">z and its tangents.</param>
    /// <param name="timeFeatures">tau.</param>
    /// <param name="scratch">Two matrices for the hidden layers, at least as many segments as the stack.</param>
    /// <param name="output"><c>[stack.Segments; rows, d]</c>.</param>
    public void Evaluate(Matrix dataCode, Matrix timeFeatures, (Matrix First, Matrix Second) scratch, Matrix output)
    {
        ParameterView first = layers[0].Weight(parameters);
        var sharedStack = new StackLayout(1, Math.Min(1, stack.Probes), stack.Probes);
        backend.Linear(dataCode, first.SliceColumns(0, shape.DataCode), null, Activation.None, sharedStack, shared);
        backend.Linear(
            timeFeatures,
            first.SliceColumns(shape.DataCode + shape.ConditionCodes, shape.TimeFeatures),
            layers[0].Bias(parameters),
            Activation.None,
            StackLayout.Primal(1),
            timeRows);
        Matrix current = scratch.First;
        backend.ExpandConditions(shared, conditionRows, timeRows, stack, current);
        for (int i = 1; i < layers.Count; i++)
        {
            bool last = i == layers.Count - 1;
            Matrix next = last ? output : ReferenceEquals(current, scratch.First) ? scratch.Second : scratch.First;
            backend.Linear(
                current,
                layers[i].Weight(parameters),
                layers[i].Bias(parameters),
                last ? Activation.None : Activation.Selu,
                stack,
                next);
            current = next;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        shared.Dispose();
        conditionRows.Dispose();
        timeRows.Dispose();
    }
}
