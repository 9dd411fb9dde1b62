namespace FlowRatio.Training.Data.Tables;

/// <summary>A column of a file, open for reading in parts.</summary>
internal abstract class ColumnSource : IDisposable
{
    /// <summary>Number of rows.</summary>
    public abstract long Rows { get; }

    /// <summary>Whether the column holds numbers; truth values are none.</summary>
    public virtual bool IsNumeric => false;

    /// <summary>The whole column.</summary>
    /// <param name="name">The name it gets.</param>
    public abstract TableColumn Read(string name);

    /// <summary>Texts of some rows; null where one is missing.</summary>
    public abstract string?[] ReadText(long first, int count);

    /// <summary>Numbers of some rows; only where <see cref="IsNumeric"/>.</summary>
    public virtual double[] ReadNumbers(long first, int count) => throw new NotSupportedException("The column holds no numbers.");

    /// <inheritdoc/>
    public abstract void Dispose();
}
