namespace FlowRatio.Benchmarks.Stability;

/// <summary>What came out of one training.</summary>
/// <param name="Cell">Its settings.</param>
/// <param name="Failure">Why there is no model; null where there is one.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="ModelStep">Step whose weights the model has.</param>
/// <param name="Restarts">How often the loss had jumped and the training went back.</param>
/// <param name="WorstExcess">Largest held-out loss above the best before it, as a share of the best.</param>
/// <param name="LastExcess">Held-out loss of the last step above the best, as a share of the best.</param>
/// <param name="Mse">Mean squared error of the log-ratio on other rows, in nats squared.</param>
/// <param name="RawMse">The same of the flow's own log-ratio.</param>
/// <param name="MseOfZero">The same of predicting 0.</param>
/// <param name="NonFinite">Test rows without a log-ratio.</param>
/// <param name="Seconds">Time of training and log-ratios.</param>
public sealed record StabilityRow(
    StabilityCell Cell, string? Failure, int Steps, int ModelStep, int Restarts, double WorstExcess, double LastExcess, double Mse, double RawMse,
    double MseOfZero, int NonFinite, double Seconds)
{
    /// <summary>Whether there is a model, with a log-ratio for every row, no worse than 0.</summary>
    public bool IsGood => Failure is null && NonFinite == 0 && Mse <= MseOfZero;
}
