namespace FlowRatio.Training;

/// <summary>Progress of one of several equal parts, passed on at once as progress of the whole.</summary>
/// <param name="whole">Told the share of the whole in [0, 1].</param>
/// <param name="part">Number of this part, from 0.</param>
/// <param name="parts">Number of parts.</param>
public sealed class PartialProgress(IProgress<double> whole, int part, int parts) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => whole.Report((part + value) / parts);
}
