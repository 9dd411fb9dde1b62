using FlowRatio.Engine.Storage;
using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>
/// A copy of an h5ad file with further columns in <c>obs</c>; the original is not touched, the copy is complete or absent. Columns that are written carry
/// a mark: in a copy of a copy only they can be replaced, never a column that came from elsewhere.
/// </summary>
public static class H5adCopy
{
    private const string OldFrame = "0.1.0";
    private const string Mark = "written-by";
    private const string Program = "flowratio";

    /// <summary>Writes a copy.</summary>
    /// <param name="source">The h5ad file.</param>
    /// <param name="target">Another path; what is there is replaced.</param>
    /// <param name="columns">Columns to add, or to put in the place of those of the same name that an earlier copy has got; as many rows as the table.</param>
    /// <exception cref="ArgumentException">Both paths are the same file; a column has another number of rows, or a name that cannot be given (<see cref="Replaced"/>).</exception>
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
            foreach (TableColumn column in columns)
            {
                if (column.Rows != table.Rows)
                {
                    throw new ArgumentException($"Column '{column.Name}' has {column.Rows} rows; {table.Path} has {table.Rows}.", nameof(columns));
                }
            }
        }

        _ = Replaced(source, [.. columns.Select(column => column.Name)]);
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

    /// <summary>The columns of a file that a copy with these columns would replace: those that an earlier copy has got and nobody wrote since.</summary>
    /// <param name="source">The h5ad file.</param>
    /// <param name="names">Names of the columns.</param>
    /// <exception cref="ArgumentException">A name is given twice, cannot be that of a column, or is that of a column that came from elsewhere.</exception>
    /// <exception cref="TableFormatException">The source is no h5ad file, or is damaged.</exception>
    public static IReadOnlyList<string> Replaced(string source, IReadOnlyList<string> names)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(names);
        try
        {
            using var file = new Hdf5File(source);
            using Hdf5Object obs = H5adFile.OpenObs(file);
            var seen = new HashSet<string>(StringComparer.Ordinal) { H5adFile.IndexOf(obs), H5adColumn.OldCategories };
            foreach (string name in names)
            {
                if (!seen.Add(name) || name.Length == 0 || name == "." || name.AsSpan().ContainsAny('/', '\0'))
                {
                    throw new ArgumentException(
                        $"A column cannot be called '{name}': the name is given twice, is that of the index, or has a slash.", nameof(names));
                }

                if (obs.Has(name) && !IsMarked(obs, name))
                {
                    throw new ArgumentException($"{source} has a column '{name}' in obs, which the copy would lose.", nameof(names));
                }
            }

            return [.. names.Where(obs.Has)];
        }
        catch (Hdf5Exception exception)
        {
            throw new TableFormatException(source, null, $"{exception.Message}.", exception);
        }
    }

    private static bool IsMarked(Hdf5Object obs, string name)
    {
        using Hdf5Object column = obs.Open(name);
        return column.TextAttribute(Mark) == Program;
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
            }

            Write(obs, column, isOld);
            if (!order.Contains(column.Name))
            {
                order.Add(column.Name);
            }
        }

        obs.SetAttribute(H5adFile.OrderAttribute, order);
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
        element.SetAttribute(Mark, Program);
    }
}
