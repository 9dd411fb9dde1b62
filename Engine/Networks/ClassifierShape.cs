namespace FlowRatio.Engine.Networks;

/// <summary>Sizes of a <see cref="ClassifierNetwork"/>.</summary>
/// <param name="Dimension">d, dimension of the data.</param>
/// <param name="Classes">Number of classes, at least 2.</param>
public sealed record ClassifierShape(int Dimension, int Classes)
{
    /// <summary>Width of the hidden layers.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Number of hidden layers; 0 is multinomial logistic regression.</summary>
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Checks every size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is too small, or there are more parameters than an array holds.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(HiddenLayers);

        // Layer by layer the elements of the weight, then of the bias. Between hidden layers there is one weight less than there are layers.
        (string Name, long Value) d = (nameof(Dimension), Dimension), classes = (nameof(Classes), Classes);
        (string Name, long Value) hidden = (nameof(Hidden), Hidden), layers = (nameof(HiddenLayers), HiddenLayers);
        if (HiddenLayers == 0)
        {
            ParameterLimit.Require([classes, d], [classes]);
        }
        else
        {
            ParameterLimit.Require(
                [hidden, d],
                [hidden, hidden, layers],
                [hidden, hidden, ParameterLimit.Minus],
                [hidden, layers],
                [classes, hidden],
                [classes]);
        }
    }
}
