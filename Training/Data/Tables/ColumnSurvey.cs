namespace FlowRatio.Training.Data.Tables;

/// <summary>A field of a column, for messages.</summary>
/// <param name="Row">Number of its row, counted from 1.</param>
/// <param name="Text">Its text, empty where it is missing.</param>
/// <param name="Trouble">Why it is no finite number, with its text, as the beginning of a sentence; empty where it is one.</param>
/// <param name="Remedy">How it can be read, as the end of a sentence; empty where it cannot.</param>
public sealed record TableField(long Row, string Text, string Trouble = "", string Remedy = "");

/// <summary>A column of a table, looked at as coordinates: how many of its fields are finite numbers, and what the others are.</summary>
public sealed record ColumnSurvey
{
    /// <summary>Name of the column.</summary>
    public required string Name { get; init; }

    /// <summary>Number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Fields that are finite numbers (as float32).</summary>
    public required long Numbers { get; init; }

    /// <summary>Fields that are missing.</summary>
    public required long Missing { get; init; }

    /// <summary>Fields that are no finite numbers but begin like one, such as <c>0,37</c>, <c>1,234.5</c>, <c>5 mg</c>.</summary>
    public required long NumberLike { get; init; }

    /// <summary>Of these, the numbers in another spelling: with the other decimal mark, or with thousands separators.</summary>
    public required long Respelled { get; init; }

    /// <summary>Of these, the numbers with the other decimal mark.</summary>
    public required long OtherMarks { get; init; }

    /// <summary>Whether every number with the other decimal mark may as well be one with thousands separators (<c>1,234</c>).</summary>
    public required bool MayBeGrouped { get; init; }

    /// <summary>Whether the file holds the column as text, so that it cannot be coordinates whatever the texts are; a text file does not.</summary>
    public required bool IsStoredAsText { get; init; }

    /// <summary>Whether all are whole numbers and different.</summary>
    public required bool IsDistinctWhole { get; init; }

    /// <summary>Whether the numbers are those of rows: whole numbers, all different, counting up or without gaps that chance would leave.</summary>
    public required bool NumbersRows { get; init; }

    /// <summary>The first field that is no finite number; null where all are.</summary>
    public TableField? FirstBad { get; init; }

    /// <summary>The first number with the other decimal mark.</summary>
    public TableField? FirstOtherMark { get; init; }

    /// <summary>The first number that is written with the decimal mark that the file is read with.</summary>
    public TableField? FirstMark { get; init; }

    /// <summary>Why the column cannot be read at all, as the beginning of a sentence; null where it can.</summary>
    public string? Damage { get; init; }

    /// <summary>Whether the column can be coordinates: every field is a finite number.</summary>
    public bool IsNumeric => Numbers == Rows && !IsStoredAsText && Damage is null;

    /// <summary>The survey of a column that cannot be read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="damage">Why.</param>
    internal static ColumnSurvey Unreadable(string name, long rows, string damage) => new()
    {
        Name = name,
        Rows = rows,
        Numbers = 0,
        Missing = 0,
        NumberLike = 0,
        Respelled = 0,
        OtherMarks = 0,
        MayBeGrouped = false,
        IsStoredAsText = false,
        IsDistinctWhole = false,
        NumbersRows = false,
        Damage = damage.TrimEnd('.'),
    };
}
