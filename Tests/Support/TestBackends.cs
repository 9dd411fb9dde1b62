using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;

namespace FlowRatio.Tests.Support;

/// <summary>Every backend that must pass the contract tests. A new backend is one more line in <see cref="All"/>.</summary>
public static class TestBackends
{
    /// <summary>Fixture source: one factory per backend.</summary>
    public static IEnumerable<TestFixtureData> All =>
    [
        Entry("reference", () => new ReferenceBackend()),
    ];

    private static TestFixtureData Entry(string name, Func<ComputeBackend> create) =>
        new TestFixtureData(create).SetArgDisplayNames(name);
}
