namespace FlowRatio.Engine.Networks;

/// <summary>A network's parameters are one array, and their numbers in it are integers of 32 bits.</summary>
internal static class ParameterLimit
{
    /// <summary>A factor of products that are taken away.</summary>
    public static readonly (string Name, long Value) Minus = ("minus", -1);

    /// <summary>Refuses sizes that are too large together, and names the one that matters most.</summary>
    /// <param name="products">The number of parameters as a sum of products; every factor has its name.</param>
    /// <exception cref="ArgumentOutOfRangeException">More parameters than an array holds.</exception>
    public static void Require(params ReadOnlySpan<(string Name, long Value)[]> products)
    {
        Int128 total = 0, most = 0;
        (string Name, long Value) widest = default;
        foreach ((string Name, long Value)[] factors in products)
        {
            Int128 product = factors.Aggregate(Int128.One, (value, factor) => value * factor.Value);
            total += product;
            if (product > most)
            {
                most = product;
                widest = factors.MaxBy(factor => factor.Value);
            }
        }

        if (total > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                widest.Name, widest.Value, $"{widest.Name} is {widest.Value}; the network would have {total:#,0} parameters, more than the {Array.MaxLength:#,0} of an array.");
        }
    }
}
