using System.Globalization;

namespace FlowRatio.Kernels;

/// <summary>A kind of device and its number among those of its kind, as in <c>cuda:1</c>.</summary>
/// <param name="Kind">A constant of <see cref="DeviceCatalog"/>.</param>
/// <param name="Number">Number, from 0.</param>
internal readonly record struct DeviceName(string Kind, int Number)
{
    private static readonly string[] Numbered = [DeviceCatalog.Cuda, DeviceCatalog.OpenCl];

    /// <summary>Reads a name.</summary>
    /// <param name="text">A kind, of cards with <c>:n</c> or without for the first one.</param>
    /// <exception cref="ArgumentException">Unknown kind, or not a number.</exception>
    public static DeviceName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':', 2);
        if (!DeviceCatalog.Kinds.Contains(parts[0]))
        {
            throw new ArgumentException($"--device: '{text}' is unknown; there are: {DeviceCatalog.Syntax}.");
        }

        int number = 0;
        return parts.Length == 1
            || (Numbered.Contains(parts[0]) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number))
                ? new DeviceName(parts[0], number)
                : throw new ArgumentException($"--device: '{text}' is no name of a device; there are: {DeviceCatalog.Syntax}, with n from 0.");
    }

    /// <inheritdoc/>
    public override string ToString() => Number == 0 ? Kind : $"{Kind}:{Number}";
}
