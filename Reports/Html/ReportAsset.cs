using System.Reflection;

namespace FlowRatio.Reports.Html;

/// <summary>Files of the folder Assets, which travel inside the assembly.</summary>
internal static class ReportAsset
{
    /// <summary>Reads a text asset.</summary>
    /// <param name="name">Path below Assets, with forward slashes.</param>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));

        // Browsers read line ends as line feeds before they compare a script's hash; a checkout may have made them others.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>Reads an asset as base 64.</summary>
    /// <param name="name">Path below Assets, with forward slashes.</param>
    public static string Base64(string name)
    {
        using Stream stream = Open(name);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Convert.ToBase64String(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private static Stream Open(string name)
    {
        Assembly assembly = typeof(ReportAsset).Assembly;

        // The build machine's separator is in the name of a resource.
        return assembly.GetManifestResourceStream(name)
            ?? assembly.GetManifestResourceStream(name.Replace('/', '\\'))
            ?? throw new InvalidOperationException($"The asset '{name}' is missing from {assembly.GetName().Name}.");
    }
}
