namespace FlowRatio.Conformance;

/// <summary>Outcome of the contract tests on one device.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that the device is too slow for.</param>
/// <param name="Failures">Name and message of the failed ones.</param>
public sealed record ConformanceResult(int Passed, int Failed, int Skipped, IReadOnlyList<string> Failures);
