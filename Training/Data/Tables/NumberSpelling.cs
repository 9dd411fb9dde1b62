namespace FlowRatio.Training.Data.Tables;

/// <summary>What a field that is not a number may have been meant as.</summary>
internal enum NumberSpelling
{
    /// <summary>No number.</summary>
    None,

    /// <summary>It begins as numbers do: <c>5 mg</c>, <c>&lt;0.5</c>, <c>1e400</c>.</summary>
    Beginning,

    /// <summary>A number with thousands separators: <c>1,234.5</c>.</summary>
    Grouped,

    /// <summary>A number with the other decimal mark: <c>0,37</c> where the mark is a point.</summary>
    OtherMark,

    /// <summary>Either of the two: <c>1,234</c>.</summary>
    GroupedOrOtherMark,
}
