using System.Globalization;
using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Data.AnnData;

/// <summary>Opens columns of a data frame in an h5ad file, in the layouts of anndata 0.7 to 0.12.</summary>
internal static class H5adColumn
{
    /// <summary>Where anndata 0.7 keeps the categories of all columns of a frame.</summary>
    public const string OldCategories = "__categories";

    private const string EncodingType = "encoding-type";

    /// <summary>Opens a column.</summary>
    /// <param name="frame">The data frame.</param>
    /// <param name="name">Name of the column.</param>
    /// <exception cref="Hdf5Exception">There is none, or it is not understood.</exception>
    public static ColumnSource Open(Hdf5Object frame, string name) => Open(frame, name, isNested: false);

    private static ColumnSource Open(Hdf5Object frame, string name, bool isNested)
    {
        Hdf5Object column = OpenPath(frame, name);
        if (column is Hdf5Dataset list)
        {
            return !isNested && list.HasAttribute("categories") ? OpenOldCategories(frame, name, list) : OpenList(list, null);
        }

        using (column)
        {
            // A group without an encoding is recognised by its parts.
            string encoding = column.TextAttribute(EncodingType) ?? (column.Has("codes") ? "categorical" : "unknown");
            return encoding switch
            {
                // A link from categories back to their column would have no end.
                "categorical" when isNested => throw new Hdf5Exception($"{column.Location} holds categories that are themselves categorical"),
                "categorical" => OpenCategories(column),
                "nullable-integer" or "nullable-boolean" or "nullable-string-array" or "nullable-float" =>
                    OpenList(column.OpenDataset("values"), column.OpenDataset("mask")),
                _ => throw new Hdf5Exception($"{column.Location} is encoded as '{encoding}', which is no column of text, numbers or truth values"),
            };
        }
    }

    /// <summary>Opens a column whose name may have slashes: anndata before 0.12 makes a group of what stands before each.</summary>
    private static Hdf5Object OpenPath(Hdf5Object frame, string name)
    {
        string[] steps = [.. name.Split('/').Where(step => step is not ("" or "."))];
        Hdf5Object at = frame.Open(steps.FirstOrDefault(name));
        foreach (string step in steps.Skip(1))
        {
            using Hdf5Object parent = at;
            at = parent.Open(step);
        }

        return at;
    }

    private static ColumnSource OpenList(Hdf5Dataset list, Hdf5Dataset? mask)
    {
        if (list.Shape.Length != 1 || (mask is not null && !mask.Shape.AsSpan().SequenceEqual(list.Shape)))
        {
            list.Dispose();
            mask?.Dispose();
            throw new Hdf5Exception($"{list.Location} is {string.Join(" x ", list.Shape)} with a mask of {string.Join(" x ", mask?.Shape ?? [])}; one value per row is needed");
        }

        return list.Class switch
        {
            Hdf5Class.Integer or Hdf5Class.Float => new H5adNumbers(list, mask),
            Hdf5Class.Text => new H5adTexts(list, mask),
            Hdf5Class.Enumeration => new H5adBooleans(list, mask),
            _ => throw new Hdf5Exception($"{list.Location} holds {list.Describe()}; text, numbers or truth values are needed"),
        };
    }

    private static H5adCategories OpenCategories(Hdf5Object column) => new(column.OpenDataset("codes"), ReadCategories(column, "categories"));

    private static H5adCategories OpenOldCategories(Hdf5Object frame, string name, Hdf5Dataset codes)
    {
        using Hdf5Object all = frame.Open(OldCategories);
        return new H5adCategories(codes, ReadCategories(all, name));
    }

    /// <summary>Categories as text, whatever they are.</summary>
    private static string[] ReadCategories(Hdf5Object parent, string name)
    {
        using ColumnSource source = Open(parent, name, isNested: true);
        string?[] categories = source.ReadText(0, checked((int)source.Rows));
        var seen = new HashSet<string>(categories.Length, StringComparer.Ordinal);
        foreach (string? category in categories)
        {
            if (category is null || !seen.Add(category))
            {
                throw new Hdf5Exception(category is null
                    ? $"{parent.Location}/{name} has a missing value among the categories"
                    : $"{parent.Location}/{name} has the category '{category}' twice");
            }
        }

        return categories!;
    }

    /// <summary>The text of a whole number.</summary>
    public static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}
