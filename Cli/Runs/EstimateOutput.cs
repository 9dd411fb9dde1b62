using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Terminal;
using FlowRatio.Training.Data.AnnData;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>Chooses how estimates are written by the name of the output.</summary>
internal static class EstimateOutput
{
    private const string H5ad = ".h5ad";

    /// <summary>Whether an output is a copy of an h5ad file.</summary>
    public static bool IsH5ad(string path) => path.EndsWith(H5ad, StringComparison.OrdinalIgnoreCase);

    /// <summary>Checks the name of an output.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">The file with the data.</param>
    /// <param name="kept">Columns of the data to copy.</param>
    public static void Require(string path, string data, IReadOnlyList<string> kept)
    {
        OutputName.Require(path, "-o", [.. OutputName.Text, H5ad]);
        if (IsH5ad(path) && !IsH5ad(data))
        {
            throw new ArgumentException($"-o: {path} would be a copy of an h5ad file, but {data} is none; write a .csv.");
        }

        if (IsH5ad(path) && kept.Count > 0)
        {
            throw new ArgumentException($"--keep {string.Join(',', kept)} is for text outputs; {path} is a copy of {data} and keeps all of its columns. Leave --keep out.");
        }
    }

    /// <summary>Opens an output.</summary>
    /// <param name="path">The file.</param>
    /// <param name="table">The data.</param>
    /// <param name="kept">Columns of the data to copy; the identifier comes first by itself.</param>
    /// <param name="names">Names of the estimates' columns.</param>
    /// <param name="terminal">Told which columns are replaced.</param>
    /// <exception cref="ArgumentException">The output would lose a column of the data, or have two of one name.</exception>
    public static IEstimateWriter Open(string path, TableFile table, IReadOnlyList<string> kept, EstimateColumns names, ToolTerminal terminal)
    {
        if (IsH5ad(path))
        {
            RequireFree(path, table.Path, names, terminal);
            return new H5adEstimateWriter(table.Path, path, table.Rows, names);
        }

        TableNames.RequireColumns(table, kept.Where(name => name != table.IdentifierColumn), "--keep");
        string[] columns = [.. table.IdentifierColumn is { } identifier ? [identifier] : Array.Empty<string>(), .. kept.Where(name => name != table.IdentifierColumn)];
        return new DelimitedEstimateWriter(path, columns, names);
    }

    /// <summary>Nothing that the user has in obs may be lost; columns of an earlier estimation are replaced, which is said.</summary>
    private static void RequireFree(string path, string source, EstimateColumns names, ToolTerminal terminal)
    {
        IReadOnlyList<string> replaced;
        try
        {
            replaced = H5adCopy.Replaced(source, names.All);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"-o: {exception.Message} Give the new columns other names with --prefix.", exception);
        }

        if (replaced.Count > 0)
        {
            terminal.Note(
                $"{path}: the columns {string.Join(", ", replaced)} of an earlier estimation in {source} are replaced in the copy ({source} keeps them; --prefix would keep both).");
        }
    }
}
