namespace FlowRatio.Engine.Compute;

/// <summary>
/// Where <see cref="ComputeBackend.SampleTimeScorePath"/> writes one training batch. Points and times may be views of a network's input, so
/// that nothing is copied.
/// </summary>
/// <param name="Points">x_t, <c>[1; n, d]</c>.</param>
/// <param name="Times">t, <c>[1; n, 1]</c>.</param>
/// <param name="Weight">lambda(t), <c>[1; n, 1]</c>.</param>
/// <param name="WeightSlope">lambda'(t), <c>[1; n, 1]</c>.</param>
/// <param name="RootWeight">sqrt(lambda(t)), <c>[1; n, 1]</c>.</param>
/// <param name="Target">
/// sqrt(lambda) times the conditional time score: per coordinate <c>[1; n, d]</c>, or summed over coordinates <c>[1; n, 1]</c>; null for none.
/// </param>
public sealed record TimeScoreBatch(
    Matrix Points, Matrix Times, Matrix Weight, Matrix WeightSlope, Matrix RootWeight, Matrix? Target);
