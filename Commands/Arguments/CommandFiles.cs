using FlowRatio.Engine.Storage;

namespace FlowRatio.Commands.Arguments;

/// <summary>
/// The files of one command line. None that is written may be one that is read, or another that is written: a slip in typing would replace data, a
/// model or a result without a word.
/// </summary>
internal sealed class CommandFiles
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly List<(string Place, string Use)> known = [];

    /// <summary>Begins with the files that are read.</summary>
    /// <param name="read">Names of arguments, and their files.</param>
    public CommandFiles(params IEnumerable<(string Argument, string Path)> read)
    {
        foreach ((string argument, string path) in read)
        {
            known.Add(path.Length > 0
                ? (Resolve(path, MostLinks), $"is the file that is read as {argument}")
                : throw new ArgumentException($"{argument} is empty; the name of a file is needed."));
        }
    }

    /// <summary>Adds a file that will be written, before any work is done: its folder must be there, and it must be no other file of the command.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file; a device is not replaced, so several outputs may go there.</param>
    /// <param name="beside">Further files that are written on the way.</param>
    /// <returns>The path as it is.</returns>
    public string Write(string option, string path, params IEnumerable<string> beside)
    {
        CommandOptions.OutputPath(path, option);
        if (PendingFile.IsDevice(path))
        {
            return path;
        }

        foreach (string touched in beside.Prepend(path).SelectMany(file => (string[])[file, file + PendingFile.Suffix]))
        {
            string place = Resolve(touched, MostLinks);
            if (known.Find(file => string.Equals(file.Place, place, Comparison)) is { Use: { } use })
            {
                throw new ArgumentException(touched == path
                    ? $"{option}: {path} {use}; write elsewhere."
                    : $"{option}: on the way to {path}, {touched} would be written, which {use}; write elsewhere.");
            }
        }

        known.Add((Resolve(path, MostLinks), $"is the file that {option} writes"));
        return path;
    }

    /// <summary>The full path behind links of the file and of its folders.</summary>
    private static string Resolve(string path, int links)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }

        string place = Path.Combine(Resolve(folder, links), Path.GetFileName(full));
        return links > 0 && new FileInfo(place).LinkTarget is { } target
            ? Resolve(Path.Combine(Path.GetDirectoryName(place)!, target), links - 1)
            : place;
    }
}
