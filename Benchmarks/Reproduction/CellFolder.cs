using System.Text.Json;
using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Reproduction;

/// <summary>
/// The folder of finished cells. A cell's file appears under its name only when it is complete: it is written under another name, brought to
/// the disk, and renamed. So after an end at any moment every cell is there as a whole or not at all.
/// </summary>
public sealed class CellFolder : IDisposable
{
    private const string Unfinished = ".partial";
    private readonly string path;
    private readonly FileStream guard;

    /// <summary>Opens the folder, makes it if need be, and removes what an ended run left unfinished.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">Another run works in it, or it cannot be written.</exception>
    public CellFolder(string path)
    {
        this.path = path;
        Directory.CreateDirectory(path);
        try
        {
            // The system closes it with the process, however that ends.
            guard = new FileStream(Path.Combine(path, ".running"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"{path} cannot be locked ({exception.Message}) Another run may work in it: wait for that one, or name another folder.", exception);
        }

        foreach (string left in Directory.GetFiles(path, "*.json" + Unfinished))
        {
            File.Delete(left);
        }
    }

    /// <summary>Reads a cell that was finished before with exactly these options.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>Its report, or null if it is not there, is not whole, or has other options.</returns>
    public ExperimentReport? Find(GridCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        string file = Path.Combine(path, cell.FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            CellContent? content = JsonSerializer.Deserialize<CellContent>(File.ReadAllText(file), JsonFile.Format);
            return content is { Cell: { } identity, Report: { Train: not null, Methods: { Count: > 0 } } report }
                && JsonSerializer.Serialize(identity, JsonFile.Format) == cell.Identity
                    ? report
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a finished cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="report">Its result.</param>
    public void Keep(GridCell cell, ExperimentReport report)
    {
        ArgumentNullException.ThrowIfNull(cell);
        string file = Path.Combine(path, cell.FileName);
        var content = new CellContent(JsonSerializer.Deserialize<SortedDictionary<string, JsonElement>>(cell.Identity), report);
        using (FileStream stream = File.Create(file + Unfinished))
        {
            JsonSerializer.Serialize(stream, content, JsonFile.Format);
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + Unfinished, file, overwrite: true);
    }

    /// <summary>A file of this folder.</summary>
    /// <param name="name">Its name.</param>
    public string FilePath(string name) => Path.Combine(path, name);

    /// <summary>Lets other runs in.</summary>
    public void Dispose() => guard.Dispose();

    private sealed record CellContent(SortedDictionary<string, JsonElement>? Cell, ExperimentReport? Report);
}
