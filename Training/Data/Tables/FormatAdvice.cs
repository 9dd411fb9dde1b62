using System.IO.Compression;

namespace FlowRatio.Training.Data.Tables;

/// <summary>What to do with a file or folder of a format that is not read here: each by its name, with the way to one that is.</summary>
internal static class FormatAdvice
{
    private const int MostEntries = 1000;

    private static readonly string[] ZarrFiles = [".zgroup", ".zattrs", ".zarray", "zarr.json"];

    // What the bytes at the beginning of a file say, whatever its name: the extension of that format.
    private static readonly (byte[] Start, string Extension)[] Starts =
    [
        ("PAR1"u8.ToArray(), ".PARQUET"),
        ("ARROW1"u8.ToArray(), ".ARROW"),
        ("%%MatrixMarket"u8.ToArray(), ".MTX"),
        ([0xD0, 0xCF, 0x11, 0xE0], ".XLS"),
        ("BZh"u8.ToArray(), ".BZ2"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], ".XZ"),
        ([0x28, 0xB5, 0x2F, 0xFD], ".ZST"),
    ];

    /// <summary>What a folder is; a table is a file.</summary>
    public static string OfFolder(string path)
    {
        bool Has(string name) => File.Exists(Path.Combine(path, name));
        string folder = Path.TrimEndingDirectorySeparator(path);
        return Array.Exists(ZarrFiles, Has) || folder.EndsWith(".zarr", StringComparison.OrdinalIgnoreCase)
            ? $"this is a zarr store, a folder, which cannot be read; write an .h5ad: anndata.read_zarr('{folder}').write_h5ad('{Renamed(folder, ".h5ad")}') in Python."
            : Has("matrix.mtx") || Has("matrix.mtx.gz")
            ? $"this is a folder with a sparse matrix, which cannot be read; write an .h5ad: scanpy.read_10x_mtx('{folder}').write_h5ad('{folder}.h5ad') in Python."
            : "this is a folder; the name of a file is needed.";
    }

    /// <summary>What a zip archive is; null for one of numpy arrays.</summary>
    public static string? OfArchive(string path)
    {
        string[] names;
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            names = [.. archive.Entries.Take(MostEntries).Select(entry => entry.FullName)];
        }
        catch (InvalidDataException)
        {
            return "this is a zip archive, and a damaged one; unpack it and give the table in it.";
        }

        bool Any(Predicate<string> test) => Array.Exists(names, test);
        string[] files = [.. names.Where(name => !name.EndsWith('/') && !name.StartsWith("__MACOSX/", StringComparison.Ordinal))];
        return Any(name => name.EndsWith(".npy", StringComparison.Ordinal)) ? null
            : Any(name => ZarrFiles.Contains(Path.GetFileName(name)))
            ? "this is a zarr store in a zip archive, which cannot be read; write an .h5ad: "
                + $"anndata.read_zarr(zarr.storage.ZipStore('{path}')).write_h5ad('{Renamed(Renamed(path, string.Empty), ".h5ad")}') in Python."
            : Any(name => name.StartsWith("xl/", StringComparison.Ordinal)) || Any(name => name == "content.xml") ? OfExtension(path, ".XLSX")
            : $"this is a zip archive (of {(files.Length == 0 ? "nothing" : BriefList.Of(files))}); unpack it and give the table in it.";
    }

    /// <summary>What a file is by its first bytes; null where they say nothing.</summary>
    public static string? OfContent(string path, ReadOnlySpan<byte> start)
    {
        foreach ((byte[] known, string extension) in Starts)
        {
            if (start.StartsWith(known))
            {
                return OfExtension(path, extension);
            }
        }

        return null;
    }

    /// <summary>What a file is by its name; null where that says nothing.</summary>
    public static string? OfName(string path)
    {
        bool isGzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string extension = Path.GetExtension(isGzip ? path[..^3] : path).ToUpperInvariant();
        return isGzip && extension is ".H5AD" or ".NPY" or ".NPZ"
            ? $"the file is compressed as a whole, which only text files may be; unpack it: gunzip {Path.GetFileName(path)}."
            : OfExtension(path, extension);
    }

    private static string? OfExtension(string path, string extension)
    {
        string csv = Renamed(path, ".csv"), h5ad = Renamed(path, ".h5ad");
        string Pandas(string reader, string what) => $"this is {what}, which cannot be read; write text: pandas.{reader}('{path}').to_csv('{csv}') in Python.";
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        return extension switch
        {
            ".PARQUET" or ".PQ" => Pandas("read_parquet", "a Parquet file"),
            ".FEATHER" or ".ARROW" or ".IPC" => Pandas("read_feather", "an Arrow file"),
            ".XLSX" or ".XLSM" or ".XLS" or ".ODS" => Pandas("read_excel", "a spreadsheet").Replace("; write text:", "; save its sheet as CSV UTF-8 there, or", StringComparison.Ordinal),
            ".PKL" or ".PICKLE" => Pandas("read_pickle", "a pickle, which can run code when it is read").Replace("; write text:", "; if you trust it,", StringComparison.Ordinal),
            ".SAV" => Pandas("read_spss", "an SPSS file"),
            ".DTA" => Pandas("read_stata", "a Stata file"),
            ".RDS" => $"this is an R object, which cannot be read; of a table write text: write.csv(readRDS('{path}'), '{csv}') in R.",
            ".RDATA" or ".RDA" => $"this is a file of R objects, which cannot be read; of a table write text: load('{path}'), then write.csv(NAME, '{csv}') in R.",
            ".MTX" => "this is a sparse matrix without names, which cannot be read; write it with its barcodes as an .h5ad: "
                + $"scanpy.read_10x_mtx('{folder}').write_h5ad('{h5ad}') in Python.",
            ".LOOM" => $"this is a loom file, which cannot be read; write an .h5ad: scanpy.read_loom('{path}').write_h5ad('{h5ad}') in Python.",
            ".H5MU" => $"this file has several modalities; write one as an .h5ad: mudata.read('{path}').mod['NAME'].write_h5ad('{h5ad}') in Python.",
            ".FCS" => $"this is a flow cytometry file, which cannot be read; write text: write.csv(flowCore::exprs(flowCore::read.FCS('{path}')), '{csv}') in R.",
            ".BZ2" or ".XZ" or ".ZST" or ".LZ4" or ".Z" or ".TAR" or ".TGZ" or ".7Z" or ".RAR" =>
                $"this is a compressed file ({extension.ToLowerInvariant()}), which is not unpacked here; unpack it, or compress it with gzip.",
            _ => null,
        };
    }

    /// <summary>The path with another extension, without .gz.</summary>
    private static string Renamed(string path, string extension) =>
        Path.ChangeExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path, extension).TrimEnd('.');
}
