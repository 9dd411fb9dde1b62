namespace FlowRatio.Training.Data.Tables;

/// <summary>A file that is not the table that was asked for: damaged, of another format, without a column, or with a value that cannot be used.</summary>
public sealed class TableFormatException : FormatException
{
    /// <summary>Creates an exception with the message <c>path: place: cause</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">Where in the file: a line, row, column, array, object; null for the whole file.</param>
    /// <param name="cause">What is wrong, as a sentence.</param>
    /// <param name="inner">What a library said, if one did.</param>
    public TableFormatException(string path, string? place, string cause, Exception? inner = null)
        : base(place is null ? $"{path}: {cause}" : $"{path}: {place}: {cause}", inner)
    {
        Path = path;
        Place = place;
        Cause = cause;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where in the file; null for the whole file.</summary>
    public string? Place { get; }

    /// <summary>What is wrong.</summary>
    public string Cause { get; }
}
