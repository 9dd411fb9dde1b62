namespace FlowRatio.Engine.Estimation;

/// <summary>When the disagreement between score and velocity is kept per point (<see cref="EstimationResult.Disagreements"/>).</summary>
public enum OverlapDiagnostic
{
    /// <summary>Where it costs nothing: the field needs the score of every tracked condition anyway (S2, S3).</summary>
    WhenFree,

    /// <summary>Always: S1 then evaluates the numerator's score as well, one head pass more.</summary>
    Always,

    /// <summary>Never.</summary>
    Off,
}
