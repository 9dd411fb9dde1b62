using FlowRatio.Kernels.Devices;

namespace FlowRatio.Tests.Emulation;

/// <summary>
/// What a card's graph does, on the processor: launches are kept with the arguments that they had when they were recorded or changed,
/// so that a change which is not handed on gives other results, as it would on a card.
/// </summary>
/// <param name="device">Runs it.</param>
/// <param name="fault">What is refused.</param>
internal sealed class EmulatedGraph(EmulatedDevice device, GraphFault fault) : ILaunchGraph
{
    private readonly List<LaunchRecord> launches = [];
    private bool isComplete;

    /// <inheritdoc/>
    public bool TryRecord(LaunchRecord launch)
    {
        Require(!isComplete);
        launches.Add(launch.Copy());
        return fault != GraphFault.Recording || launches.Count == 1;
    }

    /// <inheritdoc/>
    public bool TryComplete()
    {
        Require(!isComplete);
        return isComplete = fault != GraphFault.Completion;
    }

    /// <inheritdoc/>
    public bool TryChange(int index, LaunchRecord launch)
    {
        Require(isComplete && launches[index].GetType() == launch.GetType() && launches[index].Shape == launch.Shape);
        launches[index] = launch.Copy();
        return fault != GraphFault.Change;
    }

    /// <inheritdoc/>
    public bool TryLaunch()
    {
        Require(isComplete);
        if (fault == GraphFault.Launch)
        {
            return false;
        }

        foreach (LaunchRecord launch in launches)
        {
            launch.HandTo(device);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => launches.Clear();

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("A graph was used in an order, or with a launch, that a card would refuse.");
        }
    }
}
