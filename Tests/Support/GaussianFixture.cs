using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Tests.Support;

/// <summary>Base of the estimation tests: three random Gaussians in six dimensions on the reference backend.</summary>
public abstract class GaussianFixture
{
    /// <summary>Dimension d.</summary>
    protected const int Dimension = 6;

    private ReferenceBackend? backend;

    /// <summary>All three kinds of schedule.</summary>
    protected static PathSchedule[] Schedules { get; } =
        [PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.1), PathSchedule.NoiseOnPath(0.3)];

    /// <summary>Every simulating field, the last one along a third condition.</summary>
    protected static SimulatingField[] Fields { get; } =
    [
        SimulatingField.Numerator, SimulatingField.Unconditional, SimulatingField.Midpoint, SimulatingField.Denominator,
        SimulatingField.Of(Third),
    ];

    /// <summary>Category 0.</summary>
    protected static Condition First { get; } = new(0);

    /// <summary>Category 1.</summary>
    protected static Condition Second { get; } = new(1);

    /// <summary>Category 2.</summary>
    protected static Condition Third => new(2);

    /// <summary>The reference backend.</summary>
    protected ReferenceBackend Backend => backend!;

    /// <summary>Makes the backend.</summary>
    [OneTimeSetUp]
    public void CreateBackend() => backend = new ReferenceBackend();

    /// <summary>Frees the backend.</summary>
    [OneTimeTearDown]
    public void DisposeBackend() => backend?.Dispose();

    /// <summary>Means half a standard deviation apart in each coordinate, covariances with eigenvalues from 0.4 to 2.</summary>
    protected GaussianFlow Flow(PathSchedule schedule) => new(
        Backend, schedule, [.. Enumerable.Range(0, 3).Select(i => GaussianDistribution.Random(Dimension, 900 + (ulong)i, 0.5))]);

    /// <summary>Points of all three distributions.</summary>
    protected static float[] Points(GaussianFlow flow, int countPerCategory) =>
        [.. Enumerable.Range(0, 3).SelectMany(i => flow.Target(new Condition(i)).Sample(countPerCategory, 910 + (ulong)i))];
}
