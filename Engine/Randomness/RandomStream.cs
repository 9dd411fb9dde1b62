namespace FlowRatio.Engine.Randomness;

/// <summary>
/// Named streams of the counter-based generator: the last word of the counter, so that uses never share numbers.
/// The values are part of the reproducibility contract and never change.
/// </summary>
public enum RandomStream : uint
{
    /// <summary>Initial parameters.</summary>
    Initialization = 1,

    /// <summary>Split of rows into training and validation.</summary>
    Split = 2,

    /// <summary>Order of rows within an epoch.</summary>
    Shuffle = 3,

    /// <summary>Times of path samples.</summary>
    Time = 4,

    /// <summary>Noise of path samples.</summary>
    Noise = 5,

    /// <summary>Dropping of conditions; covariate i uses the high bits of the third word.</summary>
    ConditionDrop = 6,

    /// <summary>Divergence probes.</summary>
    Probe = 7,

    /// <summary>Signs and column choice of a Hadamard probe sequence.</summary>
    ProbeLayout = 8,

    /// <summary>Source points of generated samples.</summary>
    Source = 9,

    /// <summary>Synthetic data sets of experiments.</summary>
    Data = 10,

    /// <summary>Rows that summaries of large tables keep.</summary>
    Summary = 40,

    /// <summary>Folds of cross-fitting.</summary>
    Fold = 20,

    /// <summary>Semi-synthetic labels.</summary>
    Label = 21,

    /// <summary>Permutations and bootstrap samples of tests.</summary>
    Resampling = 22,

    /// <summary>Starts and row choices of fitted base densities.</summary>
    BaseFit = 23,

    /// <summary>Random waves, the features of a kernel.</summary>
    Wave = 24,

    /// <summary>Times of a ratio head's points.</summary>
    HeadTime = 25,

    /// <summary>Noise of a ratio head's points.</summary>
    HeadNoise = 26,
}
