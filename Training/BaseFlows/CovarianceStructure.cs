namespace FlowRatio.Training.BaseFlows;

/// <summary>Forms of a covariance, from the fewest parameters to the most.</summary>
internal enum CovarianceStructure
{
    /// <summary>A multiple of the identity.</summary>
    Spherical,

    /// <summary>One variance per coordinate.</summary>
    Diagonal,

    /// <summary>Blocks of coordinates that are correlated with one another.</summary>
    Block,

    /// <summary>Any.</summary>
    Full,
}
