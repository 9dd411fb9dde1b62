using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Networks;

/// <summary>Forward and backward pass of a <see cref="VelocityScoreNetwork"/> on batches of a fixed number of rows.</summary>
public sealed class NetworkTrainingPass : IDisposable
{
    private readonly ComputeBackend backend;
    private readonly VelocityScoreNetwork network;
    private readonly Matrix encoderHidden;
    private readonly Matrix features;
    private readonly Matrix dataCode;
    private readonly Matrix[] conditionColumns;
    private readonly Matrix timeColumns;
    private readonly ConditionCodes[] conditions;
    private readonly HeadPass velocityHead;
    private readonly HeadPass scoreHead;
    private readonly Matrix dFeatures;
    private readonly Matrix dDataCode;
    private readonly Matrix[] dConditionColumns;
    private readonly Matrix dEncoderHidden;
    private readonly (Matrix First, Matrix Second) scratch;
    private readonly InputWhitening? encoderWhitening;
    private readonly InputWhitening? featureWhitening;
    private readonly InputWhitening[] whitenings;

    /// <summary>Allocates the activations.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="network">The network.</param>
    /// <param name="rows">Rows per batch.</param>
    /// <param name="levels">Per continuous covariate its levels, which the rows' categories number; null without continuous covariates.</param>
    /// <param name="whitening">
    /// Damping, relative to the mean eigenvalue, with which the inputs of the heads' layers and of the data encoder's second are whitened in weight gradients
    /// (after the first <see cref="RenewWhitening"/>); null for plain gradients.
    /// </param>
    public NetworkTrainingPass(
        ComputeBackend backend, VelocityScoreNetwork network, int rows, IReadOnlyList<IReadOnlyList<float>>? levels = null, double? whitening = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(network);
        if ((levels?.Count ?? 0) != network.Shape.ContinuousCovariates)
        {
            throw new ArgumentException(
                $"levels has {levels?.Count ?? 0} entries; the network has {network.Shape.ContinuousCovariates} continuous covariates.", nameof(levels));
        }

        this.backend = backend;
        this.network = network;
        NetworkShape shape = network.Shape;
        int categorical = shape.Covariates.Count - shape.ContinuousCovariates;
        encoderHidden = backend.CreateMatrix(rows, shape.DataHidden);
        features = backend.CreateMatrix(rows, shape.HeadInput);
        dataCode = features.ViewColumns(0, shape.DataCode);
        timeColumns = features.ViewColumns(shape.DataCode + shape.ConditionCodes, shape.TimeFeatures);
        conditions = [.. network.ConditionEncoders.Select((encoder, i) => new ConditionCodes(backend, encoder, i < categorical ? null : levels![i - categorical]))];
        velocityHead = new HeadPass(backend, network.VelocityHead, rows, whitening);
        scoreHead = new HeadPass(backend, network.ScoreHead, rows, whitening);
        if (whitening is { } damping)
        {
            encoderWhitening = new InputWhitening(backend, encoderHidden, damping);
            featureWhitening = new InputWhitening(backend, features, damping);
        }

        whitenings = encoderWhitening is null ? [] : [encoderWhitening, featureWhitening!, .. velocityHead.Whitenings, .. scoreHead.Whitenings];

        // Time features have no parameters, so the gradient of their columns is never needed.
        dFeatures = backend.CreateMatrix(rows, shape.DataCode + shape.ConditionCodes);
        dDataCode = dFeatures.ViewColumns(0, shape.DataCode);
        dEncoderHidden = backend.CreateMatrix(rows, shape.DataHidden);
        scratch = (backend.CreateMatrix(rows, shape.HeadHidden), backend.CreateMatrix(rows, shape.HeadHidden));
        conditionColumns = ConditionViews(features, shape);
        dConditionColumns = ConditionViews(dFeatures, shape);
    }

    /// <summary>Velocity of the last forward pass, <c>[rows, dimension]</c>.</summary>
    public Matrix Velocity => velocityHead.Output;

    /// <summary>Score of the last forward pass, <c>[rows, dimension]</c>.</summary>
    public Matrix Score => scoreHead.Output;

    /// <summary>Computes velocity and score.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="points">x, <c>[rows, dimension]</c>.</param>
    /// <param name="times">t, <c>[rows, 1]</c>.</param>
    /// <param name="categories">Per covariate the category (or level) of each row, -1 for a dropped one.</param>
    public void Forward(ParameterBuffer parameters, Matrix points, Matrix times, IReadOnlyList<IndexBuffer> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        StackLayout stack = StackLayout.Primal(1);
        LinearLayer first = network.DataEncoder[0], second = network.DataEncoder[1];
        backend.Linear(points, first.Weight(parameters), first.Bias(parameters), Activation.Selu, stack, encoderHidden);
        backend.Linear(encoderHidden, second.Weight(parameters), second.Bias(parameters), Activation.None, stack, dataCode);
        for (int i = 0; i < conditions.Length; i++)
        {
            conditions[i].Update(parameters);
            conditions[i].Gather(categories[i], conditionColumns[i]);
        }

        backend.TimeFeatures(times, timeColumns, network.Shape.TimeScale);
        velocityHead.Forward(parameters, features);
        scoreHead.Forward(parameters, features);
    }

    /// <summary>Gradients of all parameters, overwritten; call after <see cref="Forward"/> with the same inputs.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="points">x, <c>[rows, dimension]</c>.</param>
    /// <param name="categories">Per covariate the category of each row.</param>
    /// <param name="dVelocity">Gradient of the loss in the velocity.</param>
    /// <param name="dScore">Gradient of the loss in the score.</param>
    /// <param name="gradients">As long as the parameters.</param>
    public void Backward(
        ParameterBuffer parameters,
        Matrix points,
        IReadOnlyList<IndexBuffer> categories,
        Matrix dVelocity,
        Matrix dScore,
        ParameterBuffer gradients)
    {
        ArgumentNullException.ThrowIfNull(categories);
        Matrix seen = featureWhitening?.Apply() ?? features;
        velocityHead.Backward(parameters, gradients, seen, dVelocity, scratch, GradientMode.Overwrite, dFeatures);
        scoreHead.Backward(parameters, gradients, seen, dScore, scratch, GradientMode.Accumulate, dFeatures);
        for (int i = 0; i < conditions.Length; i++)
        {
            conditions[i].Backward(parameters, gradients, categories[i], dConditionColumns[i]);
        }

        LinearLayer first = network.DataEncoder[0], second = network.DataEncoder[1];
        backend.LayerBackward(second, parameters, gradients, dDataCode, encoderHidden, encoderWhitening, dEncoderHidden);
        backend.LinearBackwardWeights(
            dEncoderHidden, points, GradientMode.Overwrite, first.Weight(gradients), first.Bias(gradients));
    }

    /// <summary>Number of values in <see cref="ReadWhitening"/>; 0 without whitening.</summary>
    public int WhiteningLength => whitenings.Sum(whitening => whitening.StateLength);

    /// <summary>Adds the inputs of all layers in the last forward pass to the moments from which they are whitened.</summary>
    public void ObserveInputs()
    {
        foreach (InputWhitening whitening in whitenings)
        {
            whitening.Observe();
        }
    }

    /// <summary>Whitens from now on by the moments since the last time; reads them, which waits for the backend.</summary>
    public void RenewWhitening()
    {
        // Backends take one caller at a time; the inverses between reading and writing are the host's and take the time.
        double[]?[] moments = [.. whitenings.Select(whitening => whitening.TakeMoments())];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = backend.HostThreads };
        Parallel.For(0, moments.Length, parallel, i => moments[i] = moments[i] is { } own && whitenings[i].Invert(own) ? own : null);
        for (int i = 0; i < moments.Length; i++)
        {
            if (moments[i] is { } renewed)
            {
                whitenings[i].Replace(renewed);
            }
        }
    }

    /// <summary>Copies out all that whitening has gathered.</summary>
    /// <param name="state"><see cref="WhiteningLength"/> values.</param>
    public void ReadWhitening(Span<float> state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.Length, WhiteningLength, nameof(state));
        int at = 0;
        foreach (InputWhitening whitening in whitenings)
        {
            whitening.Read(state.Slice(at, whitening.StateLength));
            at += whitening.StateLength;
        }
    }

    /// <summary>Goes on from what <see cref="ReadWhitening"/> gave.</summary>
    /// <param name="state"><see cref="WhiteningLength"/> values.</param>
    public void RestoreWhitening(ReadOnlySpan<float> state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.Length, WhiteningLength, nameof(state));
        int at = 0;
        foreach (InputWhitening whitening in whitenings)
        {
            whitening.Restore(state.Slice(at, whitening.StateLength));
            at += whitening.StateLength;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoderHidden.Dispose();
        encoderWhitening?.Dispose();
        featureWhitening?.Dispose();
        features.Dispose();
        dFeatures.Dispose();
        dEncoderHidden.Dispose();
        scratch.First.Dispose();
        scratch.Second.Dispose();
        velocityHead.Dispose();
        scoreHead.Dispose();
        foreach (ConditionCodes codes in conditions)
        {
            codes.Dispose();
        }
    }

    private static Matrix[] ConditionViews(Matrix columns, NetworkShape shape) =>
        [.. shape.Covariates.Select((_, i) => columns.ViewColumns(shape.DataCode + (i * shape.ConditionCode), shape.ConditionCode))];
}
