using FlowRatio.Training.Data;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>Which rows of a table the training held out, if it is the table of the training.</summary>
internal sealed class HeldOutRows
{
    private const int BlockRows = 1 << 14;
    private readonly RowRoles? roles;

    private HeldOutRows(RowRoles? roles, string? unknown)
    {
        this.roles = roles;
        Unknown = unknown;
    }

    /// <summary>Why nothing is known, as a clause; null where the rows are known.</summary>
    public string? Unknown { get; }

    /// <summary>Whether the table is that of the training, and its rows are known.</summary>
    public bool AreKnown => roles is not null;

    /// <summary>Finds out; a table with as many rows as that of the training is read once for it.</summary>
    /// <param name="table">The data.</param>
    /// <param name="selection">The model's coordinates in it.</param>
    /// <param name="trained">The model.</param>
    /// <param name="cancellation">Looked at between blocks of rows.</param>
    public static HeldOutRows Of(TableFile table, PointSelection selection, TrainedModel trained, CancellationToken cancellation)
    {
        if (trained.Training is not { } training)
        {
            return new HeldOutRows(null, "the model has no record of its training");
        }

        if (table.Rows != (long)training.Rows + training.RowsLeftOut || Digest(table, selection, cancellation) != training.Digest)
        {
            return new HeldOutRows(null, $"{table.Path} is not the table of the training");
        }

        // Before files said what was done with each row, the split counted the rows that were left; without any it can be repeated.
        RowRoles? roles = training.Roles ?? (training.RowsLeftOut > 0 ? null : RowRoles.Of(
            training.Rows, [.. Enumerable.Range(0, training.Rows)], RowSplit.Create(training.Rows, training.HeldOutFraction, training.Seed)));
        return new HeldOutRows(roles, roles is null ? "the model's file, of an older program, does not say which rows were left out" : null);
    }

    /// <summary>Whether a row was held out; null where it took no part in the training, or nothing is known.</summary>
    /// <param name="row">Number of the row, counted from 0.</param>
    public bool? Of(long row) => roles?.IsHeldOut(row);

    private static string Digest(TableFile table, PointSelection selection, CancellationToken cancellation)
    {
        using RowReader reader = table.OpenRows(selection, []);
        using var digest = new RowDigest();
        while (reader.ReadBlock(BlockRows, out RowBlock? block))
        {
            cancellation.ThrowIfCancellationRequested();
            digest.Add(block.Points);
        }

        return digest.Take();
    }
}
