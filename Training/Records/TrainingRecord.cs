using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Training.Records;

/// <summary>How a model was trained. Nothing in it depends on the clock: equal trainings have equal records.</summary>
public sealed record TrainingRecord
{
    /// <summary>Name of the data file, without its folder.</summary>
    public required string Data { get; init; }

    /// <summary>Rows of the file that were used, held-out ones included.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that were left out because a covariate is missing.</summary>
    public required int RowsLeftOut { get; init; }

    /// <summary>Digest of the coordinates of all rows of the file (<see cref="Training.Data.RowDigest"/>).</summary>
    public required string Digest { get; init; }

    /// <summary>Share of the used rows that were held out; <see cref="Roles"/> says which.</summary>
    public required double HeldOutFraction { get; init; }

    /// <summary>What was done with each row of the file; null in files of older programs.</summary>
    public RowRoles? Roles { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Per covariate the probability with which it was dropped in training.</summary>
    public required IReadOnlyList<double> ConditionDrop { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>Step whose averaged weights the model has.</summary>
    public required int ModelStep { get; init; }

    /// <summary>Learning curve.</summary>
    public required IReadOnlyList<CurveRecord> Curve { get; init; }

    /// <summary>Where the loss had jumped and the training went back; empty as a rule.</summary>
    public IReadOnlyList<RestartRecord> Restarts { get; init; } = [];

    /// <summary>How the base under the networks was chosen, where that was left to the program; or null.</summary>
    public BaseSelection? BaseSelection { get; init; }

    /// <summary>Everything that decided the result (<see cref="TrainingIdentity"/>).</summary>
    public required IReadOnlyDictionary<string, string> Identity { get; init; }
}
