namespace FlowRatio.Applications.Abundance;

/// <summary>What the semi-synthetic protocol does to the cells of a cluster.</summary>
public enum ClusterRole
{
    /// <summary>Treated with probability 1/2.</summary>
    Unchanged,

    /// <summary>Treated with probability 1/2 + r.</summary>
    MoreTreated,

    /// <summary>Treated with probability 1/2 - r.</summary>
    MoreControl,
}
