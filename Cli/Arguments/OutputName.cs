using FlowRatio.Engine.Storage;

namespace FlowRatio.Cli.Arguments;

/// <summary>Names of tables that are written: the extension chooses the format.</summary>
internal static class OutputName
{
    /// <summary>Extensions of text tables.</summary>
    public static readonly string[] Text = [".csv", ".tsv", ".csv.gz", ".tsv.gz"];

    /// <summary>Requires a format that can be written; a device gets text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="extensions">Extensions of the formats there are.</param>
    public static void Require(string path, string option, params IReadOnlyList<string> extensions)
    {
        if (!PendingFile.IsDevice(path) && !extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException($"{option}: '{path}' has an unknown extension; there are: {string.Join(", ", extensions)}.");
        }
    }
}
