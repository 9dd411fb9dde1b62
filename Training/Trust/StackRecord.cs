namespace FlowRatio.Training.Trust;

/// <summary>What the cross-fitting of a <see cref="RatioStack"/> found, on rows that were not seen; losses are label log-losses per row in nats.</summary>
public sealed record StackRecord
{
    // Below so many nats in all, a difference and none cannot be told apart.
    private const double FewestNats = 6;
    private const double Weak = 0.1;

    /// <summary>Rows that were used.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of the data, of which they are a random part.</summary>
    public required int AllRows { get; init; }

    /// <summary>Rows of each combination of categories that is told apart; none in files of older programs.</summary>
    public IReadOnlyList<long> ClassRows { get; init; } = [];

    /// <summary>Loss of the stack.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Loss of knowing the classes' shares alone.</summary>
    public required double ConstantLogLoss { get; init; }

    /// <summary>Loss of logistic regression.</summary>
    public required double LinearLogLoss { get; init; }

    /// <summary>Factor of the log-ratios that would have the smallest loss; 1 is calibrated, below 1 is over-confident.</summary>
    public required double Slope { get; init; }

    /// <summary>Weights of the members, by name.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>Rows whose coordinates are stored, for neighbours; 0 for none.</summary>
    public int StoredRows { get; init; }

    /// <summary>Combinations of categories with too few rows for a log-ratio.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Whether no difference was found.</summary>
    public bool IsNull => (ConstantLogLoss - LogLoss) * Rows < FewestNats;

    /// <summary>What it means, in one sentence; it speaks of all combinations of categories together.</summary>
    public string Sentence
    {
        get
        {
            double gain = ConstantLogLoss - LogLoss;
            string known = $"{(gain < 0.01 ? $"{gain:0.0####}" : $"{gain:0.000}")} nats better known than by guessing";
            return IsNull
                ? $"No difference was found: labels of {Rows:#,0} rows are "
                    + (gain * Rows < 1 ? "no better known than by guessing; log-ratios are near 0." : $"{known}, which chance can do; log-ratios mean little.")
                : $"Labels are {known}: differences are {(gain < Weak * Mixing ? "weak; log-ratios are shrunk accordingly" : "clear")}"
                    + (ClassRows.Count > 2 ? $" (of {ClassRows.Count} combinations of categories together; two of them may be alike)." : ".");
        }
    }

    /// <summary>How much a row's label can tell: 1 for classes of equal sizes, less where one has nearly all rows.</summary>
    private double Mixing => ClassRows.Count == 0 ? 1 : Math.Min(1, 2 * ClassRows.Sum(rows => rows / (double)Rows * (1 - (rows / (double)Rows))));
}
