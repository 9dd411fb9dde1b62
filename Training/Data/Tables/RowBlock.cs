namespace FlowRatio.Training.Data.Tables;

/// <summary>Some consecutive rows of a table.</summary>
/// <param name="FirstRow">Number of the first row, counted from 0.</param>
/// <param name="Rows">n, at least 1.</param>
/// <param name="Dimension">d.</param>
/// <param name="Points">Coordinates, row-major <c>[n, d]</c>, all finite, also as float32.</param>
/// <param name="Columns">Per asked column the text of each row; null where it is missing.</param>
public sealed record RowBlock(long FirstRow, int Rows, int Dimension, double[] Points, IReadOnlyList<string?[]> Columns);
