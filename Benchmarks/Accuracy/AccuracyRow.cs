using FlowRatio.Benchmarks.Reproduction;

namespace FlowRatio.Benchmarks.Accuracy;

/// <summary>One method of one variant on one pair: means over repetitions.</summary>
/// <param name="Task">Name of the pair.</param>
/// <param name="Dimension">d.</param>
/// <param name="Variant">Name of the set of ideas.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Repetitions">Number of finished repetitions.</param>
/// <param name="Mse">Mean squared error in nats squared.</param>
/// <param name="AbsError">Error of the mutual information in nats, or null.</param>
/// <param name="Bias">Mean signed error in nats.</param>
/// <param name="TrainSeconds">Seconds of training.</param>
/// <param name="NonFinite">Points without a value, in all repetitions together.</param>
/// <param name="Values">The error of each repetition (see <see cref="Error"/>).</param>
/// <param name="Bases">The base of each repetition's flow, in words; empty for other methods.</param>
public sealed record AccuracyRow(
    string Task,
    int Dimension,
    string Variant,
    string Method,
    int Repetitions,
    MeanError Mse,
    MeanError? AbsError,
    double Bias,
    double TrainSeconds,
    int NonFinite,
    IReadOnlyList<double> Values,
    IReadOnlyList<string> Bases)
{
    /// <summary>The error that the pair is judged by: of the mutual information where that is estimated, else mean squared.</summary>
    public MeanError Error => AbsError ?? Mse;
}
