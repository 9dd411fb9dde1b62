using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Cli.Runs;

/// <summary>Takes estimates block by block; the file appears when all are there.</summary>
internal interface IEstimateWriter : IDisposable
{
    /// <summary>Columns of the data that come with the rows.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Writes the next rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="result">Their estimates.</param>
    /// <param name="heldOut">Per row whether the training held it out; null where it took no part in it.</param>
    void Write(RowBlock block, EstimationResult result, IReadOnlyList<bool?> heldOut);

    /// <summary>Finishes the file.</summary>
    void Complete();
}
