using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>Running mean of losses; its sum and count are its whole state, so that a resumed training has the same means.</summary>
internal sealed class LossMean
{
    /// <summary>Sum of the losses since the last mean.</summary>
    public FlowMatchingLoss Sum { get; private set; }

    /// <summary>Number of losses since the last mean.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one loss.</summary>
    public void Add(FlowMatchingLoss loss)
    {
        Sum = Sum.Plus(loss, 1);
        Count++;
    }

    /// <summary>The mean of what was added since the last call.</summary>
    public FlowMatchingLoss Take()
    {
        var mean = new FlowMatchingLoss(Sum.Velocity / Count, Sum.Score / Count);
        Restore(default, 0);
        return mean;
    }

    /// <summary>Continues an earlier mean.</summary>
    public void Restore(FlowMatchingLoss sum, int count)
    {
        Sum = sum;
        Count = count;
    }
}
