namespace FlowRatio.Engine.Storage;

/// <summary>
/// A file that appears whole or not at all: it is written under another name beside its place, flushed to the disk and renamed.
/// A failure deletes what was written; a killed process leaves the other name behind, which the next attempt overwrites.
/// </summary>
public sealed class PendingFile : IDisposable
{
    /// <summary>What the other name ends with.</summary>
    public const string Suffix = ".partial";

    private readonly bool isDevice;
    private FileStream? stream;
    private bool isComplete;

    /// <summary>Plans a file; nothing is touched yet.</summary>
    /// <param name="path">Where it will be; a device such as /dev/stdout is written to as it is.</param>
    public PendingFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;

        // A rename would replace the device itself by a file.
        isDevice = IsDevice(path);
        TemporaryPath = isDevice ? path : path + Suffix;
    }

    /// <summary>Where the file will be.</summary>
    public string Path { get; }

    /// <summary>Where it is until then.</summary>
    public string TemporaryPath { get; }

    /// <summary>Whether a path is a device, which takes what is written and is never replaced.</summary>
    /// <param name="path">The path.</param>
    public static bool IsDevice(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        return full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

    /// <summary>Opens the temporary file for writing; it is closed by <see cref="Complete"/>, or by the caller before.</summary>
    public FileStream Create() => stream = new FileStream(TemporaryPath, isDevice ? FileMode.Open : FileMode.Create, FileAccess.Write);

    /// <summary>Flushes the content to the disk and gives the file its name. What was there before is replaced.</summary>
    public void Complete()
    {
        if (!isDevice)
        {
            if (stream is not { CanWrite: true })
            {
                // Written and closed by somebody else, such as a library.
                stream = new FileStream(TemporaryPath, FileMode.Open, FileAccess.ReadWrite);
            }

            stream.Flush(flushToDisk: true);
        }

        stream?.Dispose();
        if (!isDevice)
        {
            File.Move(TemporaryPath, Path, overwrite: true);
        }

        isComplete = true;
    }

    /// <summary>Deletes what was written unless it is complete.</summary>
    public void Dispose()
    {
        if (isComplete)
        {
            return;
        }

        isComplete = true;
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // The buffer of a full disk: the error that matters has been thrown where it happened.
        }

        if (!isDevice)
        {
            File.Delete(TemporaryPath);
        }
    }
}
