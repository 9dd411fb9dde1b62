namespace FlowRatio.Reports;

/// <summary>Text files that are complete or as they were before.</summary>
public static class WholeFile
{
    /// <summary>Writes a temporary file beside the target and renames it.</summary>
    /// <param name="path">The target; a device such as /dev/stdout is written to as it is.</param>
    /// <param name="text">The whole content.</param>
    public static void Write(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(path);

        // A rename would replace the device itself by a file.
        if (Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            File.WriteAllText(path, text);
            return;
        }

        string temporary = path + ".partial";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
