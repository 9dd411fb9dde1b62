namespace FlowRatio.Training.Objectives;

/// <summary>Losses for time scores.</summary>
public enum TimeScoreLoss
{
    /// <summary>Time score matching, TSM: integration by parts, no targets (Choi et al., 2022).</summary>
    Marginal,

    /// <summary>Conditional time score matching, CTSM: regression on the conditional time score (Yu et al., 2025).</summary>
    Conditional,

    /// <summary>Its vectorised form, CTSM-v: one regression per coordinate; the time score is the sum.</summary>
    ConditionalPerCoordinate,
}
