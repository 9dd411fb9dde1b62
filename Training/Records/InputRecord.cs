using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Training.Records;

/// <summary>Where a model's coordinates are in a table: columns or a representation.</summary>
public sealed record InputRecord
{
    /// <summary>Names of columns, or null.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Name of a representation, or null.</summary>
    public string? Representation { get; init; }

    /// <summary>How many of its coordinates, from the first; null for all.</summary>
    public int? First { get; init; }

    /// <summary>The record of a selection.</summary>
    /// <param name="selection">The selection.</param>
    public static InputRecord Of(PointSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return new InputRecord { Columns = selection.Columns, Representation = selection.Representation, First = selection.First };
    }

    /// <summary>The selection.</summary>
    /// <exception cref="InvalidDataException">Neither columns nor a representation are named.</exception>
    public PointSelection ToSelection() =>
        Columns is not null ? PointSelection.OfColumns(Columns)
        : Representation is not null ? PointSelection.OfRepresentation(Representation, First)
        : throw new InvalidDataException("The section 'input' names neither columns nor a representation.");
}
