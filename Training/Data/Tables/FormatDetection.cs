namespace FlowRatio.Training.Data.Tables;

/// <summary>Tells the format of a file by its first bytes, which binary formats have, and by its extension.</summary>
internal static class FormatDetection
{
    private const string Known = ".csv, .tsv (both also with .gz), .npy, .npz and .h5ad can be read";
    private static ReadOnlySpan<byte> Hdf5Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> NpySignature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static ReadOnlySpan<byte> ZipSignature => [(byte)'P', (byte)'K', 3, 4];

    private static ReadOnlySpan<byte> GzipSignature => [0x1F, 0x8B];

    /// <summary>The format of a file.</summary>
    /// <exception cref="TableFormatException">None that can be read, or content and extension contradict each other.</exception>
    public static TableFormat Of(string path)
    {
        Span<byte> start = stackalloc byte[16];
        using (FileStream file = File.OpenRead(path))
        {
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        bool isZip = start.StartsWith(ZipSignature);
        TableFormat? content = start.StartsWith(Hdf5Signature) ? TableFormat.AnnData
            : start.StartsWith(NpySignature) ? TableFormat.Npy
            : isZip ? TableFormat.Npz
            : null;
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        bool isGzip = name.Length < path.Length;
        TableFormat? extension = (isGzip, Path.GetExtension(name).ToUpperInvariant()) switch
        {
            (_, ".CSV" or ".TSV" or ".TXT") => TableFormat.Delimited,
            (false, ".NPY") => TableFormat.Npy,
            (false, ".NPZ") => TableFormat.Npz,
            (false, ".H5AD") => TableFormat.AnnData,
            _ => null,
        };
        string? advice = isZip && extension != TableFormat.Npz ? FormatAdvice.OfArchive(path)
            : extension is null or TableFormat.Delimited ? FormatAdvice.OfContent(path, start) ?? (extension is null ? FormatAdvice.OfName(path) : null)
            : null;
        return (extension, content) switch
        {
            _ when advice is not null => throw new TableFormatException(path, null, advice),
            (null, null) => throw new TableFormatException(path, null, $"the extension is not known; {Known}."),
            (null, { } known) => known,
            (TableFormat.Delimited, null) when isGzip || !start.StartsWith(GzipSignature) => TableFormat.Delimited,
            (TableFormat.Delimited, null) => throw new TableFormatException(path, null, "the content is compressed with gzip; call the file .gz."),
            ({ } named, { } found) when named == found => named,
            ({ } named, _) => throw new TableFormatException(
                path, null, start.IsEmpty ? "the file is empty." : $"the content is not what the extension says ({named}); the file is damaged or has a wrong name."),
        };
    }
}
