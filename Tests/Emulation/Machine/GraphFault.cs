namespace FlowRatio.Tests.Emulation;

/// <summary>What an emulated device refuses of graphs, as a card's driver may.</summary>
internal enum GraphFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A launch is not recorded.</summary>
    Recording,

    /// <summary>What was recorded makes no graph.</summary>
    Completion,

    /// <summary>The arguments of a launch are not changed.</summary>
    Change,

    /// <summary>The graph is not launched.</summary>
    Launch,
}
