namespace FlowRatio.Engine.Compute;

/// <content>Layers of a network: forward with tangents, and backward.</content>
public abstract partial class ComputeBackend
{
    /// <summary>
    /// One fully connected layer on a whole stack: primal segments become f(X W^T + b), tangent segments become
    /// f'(.) (X' W^T), where f' is taken at the primal segment that <see cref="StackLayout.PrimalOf"/> names.
    /// </summary>
    /// <param name="input">X, <c>[at least stack.Segments; n, inputs]</c>; further segments are ignored.</param>
    /// <param name="weight">W, <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">b, <c>[1, outputs]</c>, or null for none.</param>
    /// <param name="activation">f.</param>
    /// <param name="stack">Order of the segments.</param>
    /// <param name="output"><c>[stack.Segments; n, outputs]</c>, overwritten.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public void Linear(
        Matrix input, ParameterView weight, ParameterView? bias, Activation activation, in StackLayout stack, Matrix output)
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireShape(input, nameof(input), stack.Segments, output.Rows, weight.Columns);
        RequireShape(output, nameof(output), stack.Segments, output.Rows, weight.Rows);
        if (bias is { } view)
        {
            RequireShape(view, nameof(bias), 1, weight.Rows);
        }

        LinearCore(input, weight, bias, activation, stack, output);
    }

    /// <summary>
    /// Gradient of a layer's input: dX = dY W, times f'(X) where the input is itself the SELU output
    /// <paramref name="inputActivation"/> of the layer before.
    /// </summary>
    /// <param name="dOutput">dY, <c>[1; n, outputs]</c>.</param>
    /// <param name="weight">W, <c>[outputs, inputs]</c>.</param>
    /// <param name="inputActivation">SELU output that was this layer's input, <c>[1; n, inputs]</c>, or null for a linear input.</param>
    /// <param name="mode">Whether dX is overwritten or accumulated; accumulation needs a linear input.</param>
    /// <param name="dInput">dX, <c>[1; n, inputs]</c>.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or accumulation is asked for behind an activation.</exception>
    public void LinearBackwardInput(
        Matrix dOutput, ParameterView weight, Matrix? inputActivation, GradientMode mode, Matrix dInput)
    {
        ArgumentNullException.ThrowIfNull(dInput);
        RequireShape(dOutput, nameof(dOutput), 1, dInput.Rows, weight.Rows);
        RequireShape(dInput, nameof(dInput), 1, dInput.Rows, weight.Columns);
        if (inputActivation is not null)
        {
            RequireShape(inputActivation, nameof(inputActivation), 1, dInput.Rows, weight.Columns);
            if (mode == GradientMode.Accumulate)
            {
                throw new ArgumentException("A gradient behind an activation cannot be accumulated.", nameof(mode));
            }
        }

        LinearBackwardInputCore(dOutput, weight, inputActivation, mode, dInput);
    }

    /// <summary>Gradients of a layer's parameters: dW = dY^T X and db = column sums of dY.</summary>
    /// <param name="dOutput">dY, <c>[1; n, outputs]</c>.</param>
    /// <param name="input">X, <c>[1; n, inputs]</c>.</param>
    /// <param name="mode">Whether the gradients are overwritten or accumulated.</param>
    /// <param name="dWeight">dW, <c>[outputs, inputs]</c>.</param>
    /// <param name="dBias">db, <c>[1, outputs]</c>, or null.</param>
    public void LinearBackwardWeights(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias)
    {
        ArgumentNullException.ThrowIfNull(dOutput);
        RequireShape(dOutput, nameof(dOutput), 1, dOutput.Rows, dWeight.Rows);
        RequireShape(input, nameof(input), 1, dOutput.Rows, dWeight.Columns);
        if (dBias is { } view)
        {
            RequireShape(view, nameof(dBias), 1, dWeight.Rows);
        }

        LinearBackwardWeightsCore(dOutput, input, mode, dWeight, dBias);
    }

    /// <summary>
    /// Backward through the activation of a stack, in place. For a primal y = f(p) and a tangent y' = f'(p) q of it the gradients
    /// become dq = f'(p) dy' and dp = f'(p) dy + sum over the primal's tangents of f''(p) q dy'. Outputs alone suffice: f'' = f' where
    /// p &lt; 0, so f''(p) q is y' there and zero elsewhere.
    /// </summary>
    /// <param name="output">y and y', what <see cref="Linear"/> wrote, <c>[stack.Segments; n, columns]</c>.</param>
    /// <param name="activation">f.</param>
    /// <param name="stack">Order of the segments.</param>
    /// <param name="gradient">In: dy and dy'; out: dp and dq. <c>[stack.Segments; n, columns]</c>.</param>
    public void ActivationBackward(Matrix output, Activation activation, in StackLayout stack, Matrix gradient)
    {
        ArgumentNullException.ThrowIfNull(output);
        RequireShape(output, nameof(output), stack.Segments, output.Rows, output.Columns);
        RequireShape(gradient, nameof(gradient), stack.Segments, output.Rows, output.Columns);
        if (activation != Activation.None)
        {
            ActivationBackwardCore(output, activation, stack, gradient);
        }
    }

    /// <summary>
    /// Both backward products of a layer at once, which a backend may share out better than one after the other:
    /// <see cref="LinearBackwardWeights"/> and <see cref="LinearBackwardInput"/>, all outputs overwritten.
    /// </summary>
    /// <param name="dOutput">dY, <c>[1; n, outputs]</c>.</param>
    /// <param name="weight">W, <c>[outputs, inputs]</c>.</param>
    /// <param name="input">X, <c>[1; n, inputs]</c>.</param>
    /// <param name="activation">The function whose output X is, SELU or none; dX is the gradient before it.</param>
    /// <param name="dWeight">dW, <c>[outputs, inputs]</c>.</param>
    /// <param name="dBias">db, <c>[1, outputs]</c>, or null.</param>
    /// <param name="dInput">dX, <c>[1; n, inputs]</c>; it must not share storage with dY or X, which are read at the same time.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, dX is dY or X itself, or the activation is another one.</exception>
    public void LinearBackward(
        Matrix dOutput,
        ParameterView weight,
        Matrix input,
        Activation activation,
        ParameterView dWeight,
        ParameterView? dBias,
        Matrix dInput)
    {
        ArgumentNullException.ThrowIfNull(dInput);
        RequireShape(dOutput, nameof(dOutput), 1, dInput.Rows, weight.Rows);
        RequireShape(input, nameof(input), 1, dInput.Rows, weight.Columns);
        RequireShape(dInput, nameof(dInput), 1, dInput.Rows, weight.Columns);
        RequireShape(dWeight, nameof(dWeight), weight.Rows, weight.Columns);
        if (dBias is { } view)
        {
            RequireShape(view, nameof(dBias), 1, weight.Rows);
        }

        if (ReferenceEquals(dInput, input) || ReferenceEquals(dInput, dOutput))
        {
            throw new ArgumentException("dInput is an operand; both products read those while it is written.", nameof(dInput));
        }

        if (activation is not (Activation.None or Activation.Selu))
        {
            throw new ArgumentException(
                $"activation is {activation}; for that one use {nameof(ActivationBackward)}.", nameof(activation));
        }

        LinearBackwardCore(dOutput, weight, input, activation, dWeight, dBias, dInput);
    }

    /// <summary>
    /// First layer of a head for all conditions at once. The data part W_z z (and its tangents) is shared; condition c adds one
    /// row, time adds one row (or one per sample): primal segment c is SELU(Z + C_c + T), its tangents selu'(.) Z'.
    /// </summary>
    /// <param name="shared">Z and its tangents Z', <c>[1 + stack.Probes; n, h]</c>.</param>
    /// <param name="conditionRows">C, one row per condition, <c>[1; stack.PrimalSegments, h]</c>.</param>
    /// <param name="timeRows">T, with the layer's bias in it: <c>[1; 1, h]</c> where all samples share a time, else <c>[1; n, h]</c>.</param>
    /// <param name="stack">Order of the output's segments.</param>
    /// <param name="output"><c>[stack.Segments; n, h]</c>, overwritten.</param>
    public void ExpandConditions(
        Matrix shared, Matrix conditionRows, Matrix timeRows, in StackLayout stack, Matrix output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(timeRows);
        RequireShape(shared, nameof(shared), 1 + stack.Probes, output.Rows, output.Columns);
        RequireShape(conditionRows, nameof(conditionRows), 1, stack.PrimalSegments, output.Columns);
        RequireShape(timeRows, nameof(timeRows), 1, timeRows.Rows == 1 ? 1 : output.Rows, output.Columns);
        RequireShape(output, nameof(output), stack.Segments, output.Rows, output.Columns);
        ExpandConditionsCore(shared, conditionRows, timeRows, stack, output);
    }

    /// <summary>
    /// Sinusoidal time features: with T columns, half = T/2 and w_k = scale 10000^(-k/half), row r is
    /// [cos(t w_0) ... cos(t w_(half-1)), sin(t w_0) ...]; with one column it is t itself.
    /// </summary>
    /// <param name="times">t, <c>[1; n, 1]</c>.</param>
    /// <param name="features"><c>[1; n, T]</c>, T = 1 or even.</param>
    /// <param name="scale">Factor of all frequencies, positive.</param>
    public void TimeFeatures(Matrix times, Matrix features, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(features);
        RequireShape(times, nameof(times), 1, features.Rows, 1);
        if (features.Columns != 1 && features.Columns % 2 != 0)
        {
            throw new ArgumentException($"features has {features.Columns} columns; 1 or an even number is needed.", nameof(features));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);

        TimeFeaturesCore(times, features, scale);
    }

    /// <summary>Copies row indices[r] of a table into row r; index -1 gives a row of zeros (a dropped condition).</summary>
    /// <param name="table"><c>[1; m, columns]</c>.</param>
    /// <param name="indices">n entries in [-1, m).</param>
    /// <param name="output"><c>[1; n, columns]</c>.</param>
    public void GatherRows(Matrix table, IndexBuffer indices, Matrix output)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        RequireShape(table, nameof(table), 1, table.Rows, output.Columns);
        RequireLength(indices, nameof(indices), output.Rows);
        GatherRowsCore(table, indices, output);
    }

    /// <summary>Adjoint of <see cref="GatherRows"/>: row m of the table's gradient is the sum of the rows r with indices[r] = m.</summary>
    /// <param name="dOutput"><c>[1; n, columns]</c>.</param>
    /// <param name="indices">n entries in [-1, m).</param>
    /// <param name="dTable"><c>[1; m, columns]</c>, overwritten.</param>
    public void ScatterRows(Matrix dOutput, IndexBuffer indices, Matrix dTable)
    {
        ArgumentNullException.ThrowIfNull(dOutput);
        ArgumentNullException.ThrowIfNull(dTable);
        RequireShape(dTable, nameof(dTable), 1, dTable.Rows, dOutput.Columns);
        RequireLength(indices, nameof(indices), dOutput.Rows);
        ScatterRowsCore(dOutput, indices, dTable);
    }

    /// <inheritdoc cref="Linear"/>
    protected abstract void LinearCore(
        Matrix input, ParameterView weight, ParameterView? bias, Activation activation, in StackLayout stack, Matrix output);

    /// <inheritdoc cref="LinearBackwardInput"/>
    protected abstract void LinearBackwardInputCore(
        Matrix dOutput, ParameterView weight, Matrix? inputActivation, GradientMode mode, Matrix dInput);

    /// <inheritdoc cref="LinearBackwardWeights"/>
    protected abstract void LinearBackwardWeightsCore(
        Matrix dOutput, Matrix input, GradientMode mode, ParameterView dWeight, ParameterView? dBias);

    /// <summary><see cref="ActivationBackward"/> for an activation that is not the identity.</summary>
    /// <inheritdoc cref="ActivationBackward" path="/param"/>
    protected abstract void ActivationBackwardCore(
        Matrix output, Activation activation, in StackLayout stack, Matrix gradient);

    /// <inheritdoc cref="LinearBackward"/>
    protected virtual void LinearBackwardCore(
        Matrix dOutput,
        ParameterView weight,
        Matrix input,
        Activation activation,
        ParameterView dWeight,
        ParameterView? dBias,
        Matrix dInput)
    {
        LinearBackwardWeightsCore(dOutput, input, GradientMode.Overwrite, dWeight, dBias);
        LinearBackwardInputCore(dOutput, weight, activation == Activation.None ? null : input, GradientMode.Overwrite, dInput);
    }

    /// <inheritdoc cref="ExpandConditions"/>
    protected abstract void ExpandConditionsCore(
        Matrix shared, Matrix conditionRows, Matrix timeRows, in StackLayout stack, Matrix output);

    /// <inheritdoc cref="TimeFeatures"/>
    protected abstract void TimeFeaturesCore(Matrix times, Matrix features, double scale);

    /// <inheritdoc cref="GatherRows"/>
    protected abstract void GatherRowsCore(Matrix table, IndexBuffer indices, Matrix output);

    /// <inheritdoc cref="ScatterRows"/>
    protected abstract void ScatterRowsCore(Matrix dOutput, IndexBuffer indices, Matrix dTable);
}
