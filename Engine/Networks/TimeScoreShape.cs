namespace FlowRatio.Engine.Networks;

/// <summary>Sizes of a <see cref="TimeScoreNetwork"/>; the defaults are the published ones.</summary>
/// <param name="Dimension">d, dimension of the data.</param>
public sealed record TimeScoreShape(int Dimension)
{
    /// <summary>Width of the hidden layers.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Number of hidden layers.</summary>
    public int HiddenLayers { get; init; } = 3;

    /// <summary>Whether the output has one entry per coordinate, whose sum is the time score, or is the time score itself.</summary>
    public bool PerCoordinate { get; init; }

    /// <summary>Width of the output: d or 1.</summary>
    public int Outputs => PerCoordinate ? Dimension : 1;

    /// <summary>Checks every size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there are more parameters than an array holds.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HiddenLayers, 1);

        // Layer by layer the elements of the weight, the column of the time apart, then of the bias. Between hidden layers there is one weight less
        // than there are layers.
        (string Name, long Value) hidden = (nameof(Hidden), Hidden), layers = (nameof(HiddenLayers), HiddenLayers);
        (string Name, long Value) outputs = (PerCoordinate ? nameof(Dimension) : nameof(Outputs), Outputs);
        ParameterLimit.Require(
            [hidden, (nameof(Dimension), Dimension)],
            [hidden],
            [hidden, hidden, layers],
            [hidden, hidden, ParameterLimit.Minus],
            [hidden, layers],
            [outputs, hidden],
            [outputs]);
    }
}
