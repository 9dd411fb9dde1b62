namespace FlowRatio.Training.Checkpoints;

/// <summary>Keeps the state of a training while it runs.</summary>
public interface ITrainingCheckpoints
{
    /// <summary>Whether the last checkpoint is old enough for another one.</summary>
    bool IsDue { get; }

    /// <summary>Continues a training from what was kept, if there is something.</summary>
    /// <param name="training">A training before its first step.</param>
    void Restore(FlowTraining training);

    /// <summary>Keeps the state of a training.</summary>
    /// <param name="training">The training.</param>
    void Write(FlowTraining training);
}
