namespace FlowRatio.Engine.Networks;

/// <summary>
/// Structure of the network that learns velocity u(x, t, c) and score s(x, t, c) (docs/math.md): a data encoder, one encoder per
/// covariate (a dropped covariate has the zero code), sinusoidal time features, and two separate heads on their concatenation.
/// It holds no parameters, only where each layer lies in the flat buffer.
/// </summary>
public sealed class VelocityScoreNetwork
{
    private readonly List<LinearLayer> layers = [];
    private int length;

    /// <summary>Lays out a network.</summary>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not valid.</exception>
    public VelocityScoreNetwork(NetworkShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate();
        Shape = shape;
        DataEncoder = AddMlp("data_encoder", shape.Dimension, shape.DataHidden, 1, shape.DataCode);
        ConditionEncoders =
        [
            .. shape.Covariates.Select((categories, i) => AddMlp(
                $"condition_encoders.{i}", categories, shape.ConditionHidden, 1, shape.ConditionCode)),
        ];
        VelocityHead = AddMlp("velocity_head", shape.HeadInput, shape.HeadHidden, shape.HeadLayers, shape.Dimension);
        ScoreHead = AddMlp("score_head", shape.HeadInput, shape.HeadHidden, shape.HeadLayers, shape.Dimension);
    }

    /// <summary>Sizes.</summary>
    public NetworkShape Shape { get; }

    /// <summary>All layers in the order of the buffer.</summary>
    public IReadOnlyList<LinearLayer> Layers => layers;

    /// <summary>Number of parameters.</summary>
    public int ParameterCount => length;

    /// <summary>Linear, SELU, Linear on the data.</summary>
    public IReadOnlyList<LinearLayer> DataEncoder { get; }

    /// <summary>Per covariate: Linear, SELU, Linear on the one-hot category.</summary>
    public IReadOnlyList<IReadOnlyList<LinearLayer>> ConditionEncoders { get; }

    /// <summary>Velocity head: hidden layers with SELU, then a linear one.</summary>
    public IReadOnlyList<LinearLayer> VelocityHead { get; }

    /// <summary>Score head.</summary>
    public IReadOnlyList<LinearLayer> ScoreHead { get; }

    /// <summary>Initial parameters (see <see cref="LinearInitialization"/>).</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="conditionScale">Factor of the initial condition codes.</param>
    /// <param name="hiddenGain">Factor of the initial weights of the data encoder and of the heads' hidden layers.</param>
    /// <returns>All parameters in the order of the buffer.</returns>
    public float[] Initialize(ulong seed, double conditionScale = 1, double hiddenGain = 1)
    {
        float[] parameters = LinearInitialization.Uniform(layers, length, seed);
        foreach (IReadOnlyList<LinearLayer> encoder in ConditionEncoders)
        {
            Scale(parameters.AsSpan(encoder[^1].Offset, encoder[^1].Length), conditionScale);
        }

        foreach (LinearLayer layer in (IEnumerable<LinearLayer>)[.. DataEncoder, .. VelocityHead.SkipLast(1), .. ScoreHead.SkipLast(1)])
        {
            Scale(parameters.AsSpan(layer.Offset, layer.Outputs * layer.Inputs), hiddenGain);
        }

        return parameters;

        static void Scale(Span<float> values, double factor)
        {
            foreach (ref float value in values)
            {
                value *= (float)factor;
            }
        }
    }

    private List<LinearLayer> AddMlp(string name, int inputs, int hidden, int hiddenLayers, int outputs)
    {
        List<LinearLayer> mlp = [];
        int width = inputs;
        for (int i = 0; i <= hiddenLayers; i++)
        {
            // Even numbers, because an activation stands between two layers of a PyTorch Sequential.
            var layer = new LinearLayer($"{name}.{2 * i}", i < hiddenLayers ? hidden : outputs, width, length);
            mlp.Add(layer);
            layers.Add(layer);
            length = checked(length + layer.Length);
            width = layer.Outputs;
        }

        return mlp;
    }
}
