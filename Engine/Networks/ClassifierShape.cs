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
    /// <exception cref="ArgumentOutOfRangeException">A size is too small.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(HiddenLayers);
    }
}
