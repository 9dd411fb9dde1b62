namespace FlowRatio.Tests.Support;

/// <summary>How a test's matrix lies in the backend's memory; results must not depend on it.</summary>
public enum Placement
{
    /// <summary>A matrix of exactly the needed shape.</summary>
    Whole,

    /// <summary>A view of inner columns of a wider matrix, whose other columns are NaN and must stay so.</summary>
    ColumnView,

    /// <summary>A matrix of larger capacity, filled with NaN, resized to fewer rows and then to the needed number.</summary>
    Resized,
}
