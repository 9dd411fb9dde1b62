using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>Running mean of losses.</summary>
internal sealed class LossMean
{
    private FlowMatchingLoss sum;
    private int count;

    /// <summary>Adds one loss.</summary>
    public void Add(FlowMatchingLoss loss)
    {
        sum = sum.Plus(loss, 1);
        count++;
    }

    /// <summary>The mean of what was added since the last call.</summary>
    public FlowMatchingLoss Take()
    {
        var mean = new FlowMatchingLoss(sum.Velocity / count, sum.Score / count);
        sum = default;
        count = 0;
        return mean;
    }
}
