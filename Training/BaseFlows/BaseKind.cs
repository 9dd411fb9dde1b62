namespace FlowRatio.Training.BaseFlows;

/// <summary>Kinds of base under a flow.</summary>
public enum BaseKind
{
    /// <summary>None: the published method.</summary>
    None,

    /// <summary>One Gaussian per condition.</summary>
    Gaussian,

    /// <summary>A mixture of Gaussians per condition.</summary>
    Mixture,

    /// <summary>
    /// A product of mixtures of Gaussians per condition, one for every block of coordinates that is independent of the others; where all depend on each
    /// other, a mixture.
    /// </summary>
    Factors,

    /// <summary>One mixture of Gaussians for all conditions together.</summary>
    Shared,

    /// <summary>One mixture of Gaussians, with weights of its components per condition: populations whose abundance changes.</summary>
    Weights,

    /// <summary>
    /// One mixture of many equal balls, whose components fall into few levels of abundance by the conditions of their rows; a level has one
    /// share per condition.
    /// </summary>
    Levels,

    /// <summary>
    /// As <see cref="Levels"/>, but which level a component is of costs nothing: borders follow the rows' conditions more closely, and so does
    /// what is noise in them.
    /// </summary>
    FreeLevels,

    /// <summary>Whichever of the others short pilots on held-out rows favour.</summary>
    Auto,
}
