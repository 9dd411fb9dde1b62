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

    /// <summary>What it means, in one sentence.</summary>
    public string Sentence
    {
        get
        {
            double gain = ConstantLogLoss - LogLoss;
            return IsNull
                ? $"No difference was found: labels of {Rows:#,0} rows are no better known than by guessing ({Math.Max(0, gain):0.000} nats); log-ratios are near 0."
                : $"Labels are {gain:0.000} nats better known than by guessing: differences are "
                    + (gain < Weak ? "weak; log-ratios are shrunk accordingly." : "clear.");
        }
    }
}
