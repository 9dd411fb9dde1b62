using FlowRatio.Engine.Compute;
using FlowRatio.Training.Objectives;

namespace FlowRatio.Training;

/// <summary>Losses of consecutive steps on the backend, read together: reading waits for a device, which then has nothing to do.</summary>
internal sealed class LossHistory : IDisposable
{
    private readonly IndexBuffer slot;
    private readonly Accumulator history;
    private readonly double[] velocity;
    private readonly double[] score;
    private readonly FlowMatchingLoss[] losses;
    private int count;

    /// <summary>Allocates.</summary>
    /// <param name="backend">Where the losses are.</param>
    /// <param name="capacity">Largest number of steps.</param>
    public LossHistory(ComputeBackend backend, int capacity)
    {
        slot = backend.CreateIndices(1);
        history = backend.CreateAccumulator(capacity, 2);
        velocity = new double[capacity];
        score = new double[capacity];
        losses = new FlowMatchingLoss[capacity];
    }

    /// <summary>Whether there is no room for another step.</summary>
    public bool IsFull => count == losses.Length;

    /// <summary>Keeps the loss of an objective's last batch.</summary>
    public void Add(FlowMatchingObjective objective)
    {
        slot.Fill(count++);
        objective.StoreLoss(slot, history);
    }

    /// <summary>The losses since the last call, in order; valid until the next.</summary>
    public ReadOnlySpan<FlowMatchingLoss> Take()
    {
        if (count == 0)
        {
            return [];
        }

        history.Read(0, velocity);
        history.Read(1, score);
        for (int i = 0; i < count; i++)
        {
            losses[i] = new FlowMatchingLoss(velocity[i], score[i]);
        }

        int taken = count;
        count = 0;
        return losses.AsSpan(0, taken);
    }

    /// <summary>Forgets what has not been taken.</summary>
    public void Clear() => count = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        slot.Dispose();
        history.Dispose();
    }
}
