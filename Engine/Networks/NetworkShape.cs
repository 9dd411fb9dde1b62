namespace FlowRatio.Engine.Networks;

/// <summary>Sizes of a <see cref="VelocityScoreNetwork"/>; the defaults suit small data on a CPU.</summary>
/// <param name="Dimension">d, dimension of the data.</param>
/// <param name="Covariates">Number of categories of each covariate, 1 for a continuous one; empty for an unconditional network.</param>
public sealed record NetworkShape(int Dimension, IReadOnlyList<int> Covariates)
{
    // Beyond it, rounded times would be seen in the features.
    private const double LargestTimeScale = 1000;

    private readonly int? dataHidden;
    private readonly int? dataCode;

    /// <summary>Hidden width of the data encoder; by default 256, or d where that is more (see <see cref="DataCode"/>).</summary>
    public int DataHidden
    {
        get => dataHidden ?? Math.Max(256, Dimension);
        init => dataHidden = value;
    }

    /// <summary>
    /// L, width of the data code; by default 64, or d where that is more: through a narrower code the Jacobian of the velocity has a rank
    /// below d, which a field with d independent directions does not have.
    /// </summary>
    public int DataCode
    {
        get => dataCode ?? Math.Max(64, Dimension);
        init => dataCode = value;
    }

    /// <summary>How many of the covariates, the last ones, are continuous: their encoders take one number instead of a one-hot category.</summary>
    public int ContinuousCovariates { get; init; }

    /// <summary>Hidden width of each condition encoder.</summary>
    public int ConditionHidden { get; init; } = 256;

    /// <summary>E, width of each condition's code.</summary>
    public int ConditionCode { get; init; } = 128;

    /// <summary>T, number of time features: 1 (t itself) or even.</summary>
    public int TimeFeatures { get; init; } = 32;

    /// <summary>
    /// Factor of t in the time features, whose angles are TimeScale t 10000^(-i/half): the published 1 leaves all of them below one radian, in which
    /// what happens close to the data can hardly be told apart.
    /// </summary>
    public double TimeScale { get; init; } = 20;

    /// <summary>Width of the hidden layers of both heads.</summary>
    public int HeadHidden { get; init; } = 256;

    /// <summary>Number of hidden layers of both heads.</summary>
    public int HeadLayers { get; init; } = 3;

    /// <summary>Width of all condition codes together.</summary>
    public int ConditionCodes => ConditionCode * Covariates.Count;

    /// <summary>Width of a head's input: data code, condition codes, time features.</summary>
    public int HeadInput => DataCode + ConditionCodes + TimeFeatures;

    /// <summary>Whether a covariate is continuous.</summary>
    /// <param name="covariate">Number of the covariate.</param>
    public bool IsContinuous(int covariate) => covariate >= Covariates.Count - ContinuousCovariates;

    /// <summary>Categories of each categorical covariate; these come before the continuous ones.</summary>
    public IReadOnlyList<int> Categorical => [.. Covariates.Take(Covariates.Count - ContinuousCovariates)];

    /// <summary>Checks every size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is below 1, the number of time features is odd and not 1, or there are more parameters than an array holds.
    /// </exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        foreach (int categories in Covariates)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(categories, 1, nameof(Covariates));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ContinuousCovariates);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ContinuousCovariates, Covariates.Count);
        for (int i = Covariates.Count - ContinuousCovariates; i < Covariates.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(Covariates[i], 1, nameof(Covariates));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(DataHidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DataCode, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ConditionHidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ConditionCode, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TimeScale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TimeScale, LargestTimeScale);
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadHidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadLayers, 1);
        if (TimeFeatures != 1 && TimeFeatures % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(TimeFeatures), TimeFeatures, $"TimeFeatures is {TimeFeatures}; 1 or an even number is needed.");
        }

        RequireCountableParameters();
    }

    /// <summary>
    /// Layer by layer the elements of the weight, then of the bias (see <see cref="VelocityScoreNetwork"/>). Between hidden layers there is one weight
    /// less than there are layers.
    /// </summary>
    private void RequireCountableParameters()
    {
        (string Name, long Value) d = (nameof(Dimension), Dimension), dataHidden = (nameof(DataHidden), DataHidden), dataCode = (nameof(DataCode), DataCode);
        (string Name, long Value) conditionHidden = (nameof(ConditionHidden), ConditionHidden), conditionCode = (nameof(ConditionCode), ConditionCode);
        (string Name, long Value) headHidden = (nameof(HeadHidden), HeadHidden), encoders = (nameof(Covariates), Covariates.Count), heads = ("heads", 2);
        (string Name, long Value) layers = (nameof(HeadLayers), HeadLayers), categories = (nameof(Covariates), Covariates.Sum(number => (long)number));
        ParameterLimit.Require(
            [d, dataHidden],
            [dataHidden],
            [dataCode, dataHidden],
            [dataCode],
            [conditionHidden, categories],
            [encoders, conditionHidden],
            [encoders, conditionCode, conditionHidden],
            [encoders, conditionCode],
            [heads, headHidden, dataCode],
            [heads, headHidden, encoders, conditionCode],
            [heads, headHidden, (nameof(TimeFeatures), TimeFeatures)],
            [heads, headHidden, headHidden, layers],
            [heads, headHidden, headHidden, ParameterLimit.Minus],
            [heads, headHidden, layers],
            [heads, d, headHidden],
            [heads, d]);
    }
}
