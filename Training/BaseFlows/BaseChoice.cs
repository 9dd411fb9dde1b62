using System.Globalization;

namespace FlowRatio.Training.BaseFlows;

/// <summary>Which base is asked for.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Components">Components of each mixture; null to choose by BIC, or for levels by the number of rows.</param>
public readonly record struct BaseChoice(BaseKind Kind, int? Components = null)
{
    /// <summary>What <see cref="Parse"/> takes.</summary>
    public const string Syntax = "none, gaussian, mixture[:K], factors[:K], shared[:K], weights[:K], levels[:K], free-levels[:K] or auto";

    private const string FreeLevels = "free-levels";
    private const int MostComponents = 1024;

    /// <summary>No base: the published method.</summary>
    public static BaseChoice None => default;

    /// <summary>Reads a choice.</summary>
    /// <param name="text">none, gaussian, mixture, mixture:8, factors, factors:8, shared, shared:8, weights, weights:8, levels, levels:200, free-levels, free-levels:800 or auto.</param>
    /// <exception cref="ArgumentException">Anything else.</exception>
    public static BaseChoice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        BaseKind? kind = parts[0] switch
        {
            "none" => BaseKind.None,
            "gaussian" => BaseKind.Gaussian,
            "mixture" => BaseKind.Mixture,
            "factors" => BaseKind.Factors,
            "shared" => BaseKind.Shared,
            "weights" => BaseKind.Weights,
            "levels" => BaseKind.Levels,
            FreeLevels => BaseKind.FreeLevels,
            "auto" => BaseKind.Auto,
            _ => null,
        };
        if (kind is { } known && parts.Length == 1)
        {
            return new BaseChoice(known);
        }

        return kind is BaseKind.Mixture or BaseKind.Factors or BaseKind.Shared or BaseKind.Weights or BaseKind.Levels or BaseKind.FreeLevels && parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int components)
            && components is >= 1 and <= MostComponents
                ? new BaseChoice(kind.Value, components)
                : throw new ArgumentException($"'{text}' is not a base; there are: {Syntax}, K from 1 to {MostComponents}.", nameof(text));
    }

    /// <summary>Checks the kind and the number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, or the number of components is not from 1 to 1024.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Kind))
        {
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, $"there are: {Syntax}.");
        }

        if (Components is < 1 or > MostComponents)
        {
            throw new ArgumentOutOfRangeException(nameof(Components), Components, $"1 to {MostComponents} are possible.");
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string name = Kind == BaseKind.FreeLevels ? FreeLevels : Kind.ToString().ToLowerInvariant();
        return Components is null ? name : $"{name}:{Components}";
    }
}
