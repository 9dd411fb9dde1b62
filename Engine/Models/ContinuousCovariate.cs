using System.Globalization;

namespace FlowRatio.Engine.Models;

/// <summary>A covariate that is a number: a dose, an age. The network takes it standardised.</summary>
public sealed record ContinuousCovariate
{
    /// <summary>Creates a covariate.</summary>
    /// <param name="name">Name.</param>
    /// <param name="mean">Mean over the rows of the data.</param>
    /// <param name="scale">Standard deviation, positive.</param>
    /// <param name="smallest">Smallest value.</param>
    /// <param name="largest">Largest value.</param>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public ContinuousCovariate(string name, double mean, double scale, double smallest, double largest)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!double.IsFinite(mean) || !double.IsFinite(scale) || !(scale > 0) || !double.IsFinite(smallest) || !double.IsFinite(largest) || smallest > largest)
        {
            throw new ArgumentException(
                $"Covariate '{name}' has the mean {mean}, the scale {scale} and values from {smallest} to {largest}; finite numbers, a positive scale and an ordered range are needed.",
                nameof(scale));
        }

        Name = name;
        Mean = mean;
        Scale = scale;
        Smallest = smallest;
        Largest = largest;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Mean over the rows of the data.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation.</summary>
    public double Scale { get; }

    /// <summary>Smallest value in the data.</summary>
    public double Smallest { get; }

    /// <summary>Largest value in the data.</summary>
    public double Largest { get; }

    /// <summary>The covariate of some values.</summary>
    /// <param name="name">Name.</param>
    /// <param name="values">Finite values, at least two of them different.</param>
    /// <exception cref="ArgumentException">All values are the same, or one is not finite.</exception>
    public static ContinuousCovariate Of(string name, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double mean = values.Average();
        double scale = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return values.Max() > values.Min()
            ? new ContinuousCovariate(name, mean, scale, values.Min(), values.Max())
            : throw new ArgumentException($"Covariate '{name}' has the same value {values[0]} in every row.", nameof(values));
    }

    /// <summary>The network's input for a value.</summary>
    /// <param name="value">In the units of the data.</param>
    public double Standardize(double value) => (value - Mean) / Scale;

    /// <summary>The network's input for a text.</summary>
    /// <param name="text">A number in the units of the data.</param>
    /// <exception cref="ArgumentException">No finite number.</exception>
    public double Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? Standardize(value)
            : throw new ArgumentException($"Covariate '{Name}' is a number from {Smallest} to {Largest}; '{text}' is none.", nameof(text));
}
