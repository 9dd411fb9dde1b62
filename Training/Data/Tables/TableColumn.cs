namespace FlowRatio.Training.Data.Tables;

/// <summary>A named column in memory: <see cref="CategoryColumn"/>, <see cref="NumberColumn"/> or <see cref="BooleanColumn"/>.</summary>
public abstract class TableColumn
{
    /// <summary>Names the column.</summary>
    private protected TableColumn(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Rows { get; }

    /// <summary>The text of each row as <see cref="RowBlock.Columns"/> has it; null where it is missing.</summary>
    public abstract string?[] ToText();

    /// <summary>The column as categories: their declared order, or in order of their values.</summary>
    public abstract CategoryColumn ToCategories();
}
