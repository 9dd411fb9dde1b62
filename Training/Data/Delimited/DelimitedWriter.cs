using System.IO.Compression;
using CsvHelper;
using FlowRatio.Engine.Storage;

namespace FlowRatio.Training.Data.Delimited;

/// <summary>
/// Writes a text table field by field; the file is complete or absent. A missing value is an empty field. Numbers are written as the shortest
/// text that reads back as the same number.
/// </summary>
public sealed class DelimitedWriter : IDisposable
{
    private readonly PendingFile file;
    private readonly Stream stream;
    private readonly CsvWriter csv;

    /// <summary>Starts a file and writes its header.</summary>
    /// <param name="path">A .csv or .tsv file, or one of those with .gz.</param>
    /// <param name="columns">Names of the columns, none twice.</param>
    public DelimitedWriter(string path, IReadOnlyList<string> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
        {
            throw new ArgumentException("No columns; at least one is needed.", nameof(columns));
        }

        if (columns.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Column '{twice.Key}' is named twice.", nameof(columns));
        }

        bool isGzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string name = isGzip ? path[..^3] : path;
        file = new PendingFile(path);
        FileStream plain = file.Create();
        stream = isGzip ? new GZipStream(plain, CompressionLevel.Fastest, leaveOpen: true) : plain;
        csv = CsvWriter.Create(
            stream,
            new CsvWriterOptions { Separator = name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',', NewLine = "\n" },
            true);
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }

        csv.EndRecord();
    }

    /// <summary>Writes the next field of the row.</summary>
    /// <param name="text">Text; null for a missing value.</param>
    public void Write(string? text) => csv.WriteField(text);

    /// <inheritdoc cref="Write(string)"/>
    /// <param name="number">A number; NaN for a missing value.</param>
    public void Write(double number)
    {
        if (double.IsNaN(number))
        {
            csv.WriteField((string?)null);
            return;
        }

        csv.WriteField(number);
    }

    /// <inheritdoc cref="Write(double)"/>
    public void Write(float number)
    {
        if (float.IsNaN(number))
        {
            csv.WriteField((string?)null);
            return;
        }

        csv.WriteField(number);
    }

    /// <inheritdoc cref="Write(double)"/>
    public void Write(long number) => csv.WriteField(number);

    /// <summary>Ends the row.</summary>
    /// <exception cref="InvalidOperationException">It has another number of fields than the header.</exception>
    public void EndRow()
    {
        try
        {
            csv.EndRecord();
        }
        catch (CsvFormatException exception)
        {
            throw new InvalidOperationException($"{file.Path}: {exception.Message}", exception);
        }
    }

    /// <summary>Flushes everything to the disk and gives the file its name.</summary>
    public void Complete()
    {
        csv.Flush();
        csv.Dispose();
        if (stream is GZipStream)
        {
            stream.Dispose();
        }

        file.Complete();
    }

    /// <summary>Deletes what was written unless it is complete.</summary>
    public void Dispose() => file.Dispose();
}
