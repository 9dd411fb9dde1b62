using FlowRatio.Engine.Estimation;

namespace FlowRatio.Benchmarks.Speed.Gpu;

/// <summary>Sizes of <c>gpu --speed</c>; the defaults are for a large card, tests take tiny ones.</summary>
internal sealed record GpuSpeedOptions
{
    /// <summary>Rows of the products.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [512, 2048, 4096, 8192];

    /// <summary>Widths of the heads; products and whole solves take the first, scores of many points the last.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [1024, 256];

    /// <summary>Rows per training step.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Points of one evaluation.</summary>
    public int EvaluationPoints { get; init; } = 10_000;

    /// <summary>Points of whole solves.</summary>
    public IReadOnlyList<int> SolvePoints { get; init; } = [10_000, 1_000_000];

    /// <summary>Solver steps of solves, scores and the published cell.</summary>
    public int SolverSteps { get; init; } = new EstimationOptions().Steps;

    /// <summary>Points that are scored block by block, in memory that does not grow with them.</summary>
    public IReadOnlyList<int> ScorePoints { get; init; } = [1_000_000, 10_000_000];

    /// <summary>Points per block of those.</summary>
    public int ScoreBlock { get; init; } = 1 << 18;

    /// <summary>Training steps of the published Gaussian cell (d = 20) from data to errors; the protocol has 100,000. 0 leaves it out.</summary>
    public int PaperSteps { get; init; } = 5_000;

    /// <summary>Test points of that cell; the protocol has 10,000, and more training points in proportion.</summary>
    public int PaperPoints { get; init; } = 10_000;

    /// <summary>Parts of names: only cases that contain one of them are measured; empty for all.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>Budget of each case in seconds.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>No case is begun after so many seconds.</summary>
    public double Limit { get; init; } = double.PositiveInfinity;

    /// <summary>Whether repeated launches are submitted as graphs.</summary>
    public bool Graphs { get; init; } = true;

    /// <summary>Bytes that the copy moves, and that the buffers of small products fill before one comes again: several times a card's cache.</summary>
    public long Bytes { get; init; } = 512L << 20;

    /// <summary>Groups of threads for the multiply-add ceiling.</summary>
    public int CeilingGroups { get; init; } = 4096;

    /// <summary>Rounds of multiply-adds per thread.</summary>
    public int CeilingIterations { get; init; } = 8192;
}
