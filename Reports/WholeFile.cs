using System.Text;

namespace FlowRatio.Reports;

/// <summary>Text files that are complete or as they were before.</summary>
public static class WholeFile
{
    /// <summary>Writes a temporary file beside the target, flushes it to the disk and renames it; a failure deletes it.</summary>
    /// <param name="path">The target; a device such as /dev/stdout is written to as it is.</param>
    /// <param name="text">The whole content.</param>
    public static void Write(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(path);

        // A rename would replace the device itself by a file.
        string full = Path.GetFullPath(path);
        if (full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal))
        {
            File.WriteAllText(path, text);
            return;
        }

        string temporary = path + ".partial";
        var file = new FileStream(temporary, FileMode.Create, FileAccess.Write);
        try
        {
            using (file)
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
