namespace FlowRatio.Engine.Compute;

/// <summary>How the tangent rows of one evaluation become divergences.</summary>
public enum DivergenceReduction
{
    /// <summary>Each probe v gives its own Hutchinson estimate v . (J v); one series per probe and condition.</summary>
    PerProbe,

    /// <summary>The tangents are coordinate directions; their terms sum to (a part of) the exact trace.</summary>
    Sum,
}
