using FlowRatio.Engine.Storage;
using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>A copy of an h5ad file with further columns in <c>obs</c>; the original is not touched, the copy is complete or absent.</summary>
public static class H5adCopy
{
    private const string OldFrame = "0.1.0";

    /// <summary>Writes a copy.</summary>
    /// <param name="source">The h5ad file.</param>
    /// <param name="target">Another path; what is there is replaced.</param>
    /// <param name="columns">Columns to add, or to put in the place of those of the same name; as many rows as the table.</param>
    /// <exception cref="ArgumentException">Both paths are the same file; a column has another number of rows, the name of the index, or a name twice.</exception>
    /// <exception cref="TableFormatException">The source is no h5ad file, or is damaged.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public static void Write(string source, string target, IReadOnlyList<TableColumn> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(columns);
        RequireOther(source, target);
        using (var table = new H5adFile(source))
        {
            RequireFit(table, columns);
        }

        using var pending = new PendingFile(target);
        using (FileStream from = File.OpenRead(source))
        {
            // Not File.Copy: the copy of a protected file would be protected as well.
            using FileStream to = pending.Create();
            from.CopyTo(to);
        }

        try
        {
            using var file = new Hdf5File(pending.TemporaryPath, isWritable: true);
            using (Hdf5Object obs = H5adFile.OpenObs(file))
            {
                Add(obs, columns);
            }

            file.Flush();
        }
        catch (Hdf5Exception exception)
        {
            throw new IOException($"{target}: the columns could not be written: {exception.Message}.", exception);
        }

        pending.Complete();
    }

    private static void RequireOther(string source, string target)
    {
        string Resolve(string path) => Path.GetFullPath(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        if (File.Exists(target) && Resolve(source) == Resolve(target))
        {
            throw new ArgumentException($"'{target}' is the file that is read; write the copy elsewhere.", nameof(target));
        }
    }

    private static void RequireFit(H5adFile table, IReadOnlyList<TableColumn> columns)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { table.IdentifierColumn, H5adColumn.OldCategories };
        foreach (TableColumn column in columns)
        {
            if (column.Rows != table.Rows)
            {
                throw new ArgumentException($"Column '{column.Name}' has {column.Rows} rows; {table.Path} has {table.Rows}.", nameof(columns));
            }

            if (!seen.Add(column.Name) || column.Name.Contains('/', StringComparison.Ordinal) || column.Name.Contains('\0', StringComparison.Ordinal) || column.Name == ".")
            {
                throw new ArgumentException(
                    $"A column cannot be called '{column.Name}': the name is given twice, is that of the index, or has a slash.", nameof(columns));
            }
        }
    }

    private static void Add(Hdf5Object obs, IReadOnlyList<TableColumn> columns)
    {
        List<string> order = [.. H5adFile.ColumnsOf(obs, H5adFile.IndexOf(obs))];
        bool isOld = obs.TextAttribute("encoding-version") is null or OldFrame;
        foreach (TableColumn column in columns)
        {
            if (obs.Has(column.Name))
            {
                obs.Delete(column.Name);
                DeleteOldCategories(obs, column.Name);
            }

            Write(obs, column, isOld);
            if (!order.Contains(column.Name))
            {
                order.Add(column.Name);
            }
        }

        obs.SetAttribute(H5adFile.OrderAttribute, order);
    }

    private static void DeleteOldCategories(Hdf5Object obs, string name)
    {
        if (obs.Has(H5adColumn.OldCategories))
        {
            using Hdf5Object all = obs.Open(H5adColumn.OldCategories);
            if (all.Has(name))
            {
                all.Delete(name);
            }
        }
    }

    private static void Write(Hdf5Object obs, TableColumn column, bool isOld)
    {
        switch (column)
        {
            case NumberColumn { Storage: NumberStorage.Real32 } numbers:
                Close(obs.WriteSingle(column.Name, Array.ConvertAll(numbers.Values.ToArray(), value => (float)value)), "array");
                break;
            case NumberColumn { Storage: NumberStorage.Whole } numbers when !numbers.Values.ContainsAnyExceptInRange(long.MinValue, (double)(1L << 62)):
                Close(obs.WriteInt64(column.Name, Array.ConvertAll(numbers.Values.ToArray(), value => (long)value)), "array");
                break;
            case NumberColumn numbers:
                Close(obs.WriteDouble(column.Name, numbers.Values.ToArray()), "array");
                break;
            case BooleanColumn truths when !truths.Values.Contains(null):
                Close(obs.WriteBoolean(column.Name, Array.ConvertAll(truths.Values.ToArray(), value => value!.Value)), "array");
                break;
            case BooleanColumn truths when !isOld:
                using (Hdf5Object group = obs.CreateGroup(column.Name))
                {
                    Close(group.WriteBoolean("values", Array.ConvertAll(truths.Values.ToArray(), value => value ?? false)), "array");
                    Close(group.WriteBoolean("mask", Array.ConvertAll(truths.Values.ToArray(), value => value is null)), "array");
                    Describe(group, "nullable-boolean", "0.1.0");
                }

                break;
            case var other when isOld:
                // The frames of anndata 0.7 know texts, but not the categories and masks of today.
                Close(obs.WriteText(column.Name, [.. other.ToText().Select(text => text ?? string.Empty)]), "string-array");
                break;
            case var other:
                WriteCategories(obs, other.ToCategories());
                break;
        }
    }

    private static void WriteCategories(Hdf5Object obs, CategoryColumn column)
    {
        using Hdf5Object group = obs.CreateGroup(column.Name);
        Close(group.WriteText("categories", column.Categories), "string-array");
        Close(group.WriteCodes("codes", column.Codes.ToArray(), column.Categories.Count), "array");
        group.SetAttribute("ordered", false);
        Describe(group, "categorical", "0.2.0");
    }

    private static void Close(Hdf5Object list, string encoding)
    {
        using (list)
        {
            Describe(list, encoding, "0.2.0");
        }
    }

    private static void Describe(Hdf5Object element, string encoding, string version)
    {
        element.SetAttribute("encoding-type", encoding);
        element.SetAttribute("encoding-version", version);
    }
}
