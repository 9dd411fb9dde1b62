namespace FlowRatio.Reports.Charts;

/// <summary>How an axis maps values to places.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equally far apart.</summary>
    Linear,

    /// <summary>Equal ratios are equally far apart; values must be positive.</summary>
    Log,
}
