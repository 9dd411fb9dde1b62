using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Paths;
using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Shapes are checked once, at the public edge: a wrong operand is named by an ArgumentException.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractShapeErrorTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private const int Rows = 4;
    private static readonly StackLayout One = StackLayout.Primal(1);
    private static readonly StackLayout Stack = new(2, 2, 1);
    private static readonly ProbeSequence Sequence = new(ProbeDistribution.Rademacher, 1);

    private static IEnumerable<TestCaseData> WrongCalls =>
    [
        Case("Linear", "input", w => w.Backend.Linear(M(w, 3), V(w, 2, 4), null, Activation.None, One, M(w, 2))),
        Case("Linear rows", "input", w => w.Backend.Linear(M(w, 3, 1, 5), V(w, 2, 3), null, Activation.None, One, M(w, 2))),
        Case("Linear segments", "input", w => w.Backend.Linear(M(w, 3), V(w, 2, 3), null, Activation.None, Stack, M(w, 2, 4))),
        Case("Linear", "output", w => w.Backend.Linear(M(w, 3), V(w, 2, 3), null, Activation.None, One, M(w, 5))),
        Case("Linear segments", "output", w => w.Backend.Linear(M(w, 3, 4), V(w, 2, 3), null, Activation.None, Stack, M(w, 2, 3))),
        Case("Linear", "bias", w => w.Backend.Linear(M(w, 3), V(w, 2, 3), V(w, 1, 3), Activation.None, One, M(w, 2))),
        Case("Linear null", "input", w => w.Backend.Linear(null!, V(w, 2, 3), null, Activation.None, One, M(w, 2))),
        Case("Linear null", "output", w => w.Backend.Linear(M(w, 3), V(w, 2, 3), null, Activation.None, One, null!)),
        Case("LinearBackwardInput", "dOutput", w => w.Backend.LinearBackwardInput(M(w, 3), V(w, 2, 3), null, GradientMode.Overwrite, M(w, 3))),
        Case("LinearBackwardInput", "dInput", w => w.Backend.LinearBackwardInput(M(w, 2), V(w, 2, 3), null, GradientMode.Overwrite, M(w, 2))),
        Case("LinearBackwardInput", "inputActivation", w => w.Backend.LinearBackwardInput(M(w, 2), V(w, 2, 3), M(w, 2), GradientMode.Overwrite, M(w, 3))),
        Case("LinearBackwardInput", "mode", w => w.Backend.LinearBackwardInput(M(w, 2), V(w, 2, 3), M(w, 3), GradientMode.Accumulate, M(w, 3))),
        Case("LinearBackwardWeights", "dOutput", w => w.Backend.LinearBackwardWeights(M(w, 3), M(w, 3), GradientMode.Overwrite, V(w, 2, 3), null)),
        Case("LinearBackwardWeights", "input", w => w.Backend.LinearBackwardWeights(M(w, 2), M(w, 3, 1, 5), GradientMode.Overwrite, V(w, 2, 3), null)),
        Case("LinearBackwardWeights", "dBias", w => w.Backend.LinearBackwardWeights(M(w, 2), M(w, 3), GradientMode.Overwrite, V(w, 2, 3), V(w, 1, 3))),
        Case("LinearBackward", "dOutput", w => w.Backend.LinearBackward(M(w, 3), V(w, 2, 3), M(w, 3), Activation.None, V(w, 2, 3), null, M(w, 3))),
        Case("LinearBackward", "input", w => w.Backend.LinearBackward(M(w, 2), V(w, 2, 3), M(w, 2), Activation.None, V(w, 2, 3), null, M(w, 3))),
        Case("LinearBackward", "dWeight", w => w.Backend.LinearBackward(M(w, 2), V(w, 2, 3), M(w, 3), Activation.None, V(w, 3, 3), null, M(w, 3))),
        Case("LinearBackward", "dBias", w => w.Backend.LinearBackward(M(w, 2), V(w, 2, 3), M(w, 3), Activation.None, V(w, 2, 3), V(w, 1, 3), M(w, 3))),
        Case("LinearBackward", "dInput", w => w.Backend.LinearBackward(M(w, 2), V(w, 2, 3), M(w, 3), Activation.None, V(w, 2, 3), null, M(w, 2))),
        Case("LinearBackward", "activation", w => w.Backend.LinearBackward(M(w, 2), V(w, 2, 3), M(w, 3), Activation.Elu, V(w, 2, 3), null, M(w, 3))),
        Case("ExpandConditions", "shared", w => w.Backend.ExpandConditions(M(w, 3), M(w, 3, 1, 2), M(w, 3), Stack, M(w, 3, 4))),
        Case("ExpandConditions", "conditionRows", w => w.Backend.ExpandConditions(M(w, 3, 2), M(w, 3, 1, 3), M(w, 3), Stack, M(w, 3, 4))),
        Case("ExpandConditions", "timeRows", w => w.Backend.ExpandConditions(M(w, 3, 2), M(w, 3, 1, 2), M(w, 3, 1, 2), Stack, M(w, 3, 4))),
        Case("ExpandConditions", "output", w => w.Backend.ExpandConditions(M(w, 3, 2), M(w, 3, 1, 2), M(w, 3), Stack, M(w, 3, 3))),
        Case("ActivationBackward", "output", w => w.Backend.ActivationBackward(M(w, 3, 2), Activation.Elu, Stack, M(w, 3, 4))),
        Case("ActivationBackward", "gradient", w => w.Backend.ActivationBackward(M(w, 3, 4), Activation.Elu, Stack, M(w, 2, 4))),
        Case("TimeFeatures", "times", w => w.Backend.TimeFeatures(M(w, 2), M(w, 4))),
        Case("TimeFeatures odd", "features", w => w.Backend.TimeFeatures(M(w, 1), M(w, 3))),
        Case("GatherRows", "table", w => w.Backend.GatherRows(M(w, 2), I(w, 4), M(w, 3))),
        Case("GatherRows", "indices", w => w.Backend.GatherRows(M(w, 3), I(w, 5), M(w, 3))),
        Case("ScatterRows", "dTable", w => w.Backend.ScatterRows(M(w, 3), I(w, 4), M(w, 2))),
        Case("ScatterRows", "indices", w => w.Backend.ScatterRows(M(w, 3), I(w, 3), M(w, 3))),
        Case("FillProbes", "samples", w => w.Backend.FillProbes(Sequence, I(w, 3), I(w, 4), M(w, 3))),
        Case("FillProbes", "stages", w => w.Backend.FillProbes(Sequence, I(w, 4), I(w, 3), M(w, 3))),
        Case("FillUnitTangents", "first", w => w.Backend.FillUnitTangents(-1, M(w, 3))),
        Case("MixVelocities", "velocity", w => w.Backend.MixVelocities(M(w, 3), [1, 1], M(w, 3))),
        Case("LogDensityRates", "velocity", w => Rates(w, velocity: M(w, 3, 3))),
        Case("LogDensityRates", "probes", w => Rates(w, probes: M(w, 2))),
        Case("LogDensityRates", "score", w => Rates(w, score: M(w, 3, 1))),
        Case("LogDensityRates", "scoreSegments", w => Rates(w, segments: [0])),
        Case("LogDensityRates", "rates", w => Rates(w, rates: w.Sums(Rows, 1))),
        Case("Combine", "x", w => w.Backend.Combine(M(w, 2), [M(w, 3)], [1], M(w, 3))),
        Case("Combine", "derivatives", w => w.Backend.Combine(M(w, 3), [M(w, 2)], [1], M(w, 3))),
        Case("AddScaled series", "rates", w => w.Backend.AddScaled(w.Sums(Rows, 1), 1, w.Sums(Rows, 2))),
        Case("AddScaled rows", "rates", w => w.Backend.AddScaled(w.Sums(5), 1, w.Sums(Rows))),
        Case("StandardNormalLogDensity", "result", w => w.Backend.StandardNormalLogDensity(M(w, 3), w.Sums(5))),
        Case("MarkNonFinite", "totals", w => w.Backend.MarkNonFinite(M(w, 3), w.Sums(5), 1, I(w, 4))),
        Case("MarkNonFinite", "status", w => w.Backend.MarkNonFinite(M(w, 3), w.Sums(Rows), 1, I(w, 5))),
        Case("SelectRows", "population", w => w.Backend.SelectRows(0, 1, 0, I(w, 4))),
        Case("SelectRows", "step", w => w.Backend.SelectRows(1, 1, -1, I(w, 4))),
        Case("SelectConditions", "selected", w => w.Backend.SelectConditions(I(w, 9), I(w, 4), 0.5, 0, 1, 0, I(w, 5))),
        Case("SelectConditions", "dropProbability", w => w.Backend.SelectConditions(I(w, 9), I(w, 4), 1.5, 0, 1, 0, I(w, 4))),
        Case("SamplePath", "data", w => w.Backend.SamplePath(PathSchedule.Deterministic, M(w, 2), I(w, 4), 1, 0, false, w.Batch(Rows, 3))),
        Case("SamplePath", "rows", w => w.Backend.SamplePath(PathSchedule.Deterministic, M(w, 3), I(w, 5), 1, 0, false, w.Batch(Rows, 3))),
        Case("SquaredError", "target", w => w.Backend.SquaredError(M(w, 3), M(w, 2), null, 0, w.Sums(1), M(w, 3))),
        Case("SquaredError", "dPrediction", w => w.Backend.SquaredError(M(w, 3), M(w, 3), null, 0, w.Sums(1), M(w, 2))),
        Case("SquaredError", "rowWeight", w => w.Backend.SquaredError(M(w, 3), M(w, 3), M(w, 2), 0, w.Sums(1), M(w, 3))),
        Case("SquaredError", "loss", w => w.Backend.SquaredError(M(w, 3), M(w, 3), null, 1, w.Sums(1), M(w, 3))),
        Case("Adam", "gradients", w => w.Backend.Adam(P(w, 4), P(w, 3), P(w, 4), P(w, 4), default)),
        Case("Adam", "firstMoment", w => w.Backend.Adam(P(w, 4), P(w, 4), P(w, 5), P(w, 4), default)),
        Case("Adam", "secondMoment", w => w.Backend.Adam(P(w, 4), P(w, 4), P(w, 4), P(w, 1), default)),
        Case("AdamAndAverage", "gradients", w => w.Backend.AdamAndAverage(P(w, 4), P(w, 3), P(w, 4), P(w, 4), default, 0.5, P(w, 4))),
        Case("AdamAndAverage", "average", w => w.Backend.AdamAndAverage(P(w, 4), P(w, 4), P(w, 4), P(w, 4), default, 0.5, P(w, 5))),
        Case("AverageParameters", "parameters", w => w.Backend.AverageParameters(P(w, 4), 0.5, P(w, 3))),
    ];

    [TestCaseSource(nameof(WrongCalls))]
    public void Wrong_operand_is_named(string argument, Action<Workspace> call)
    {
        using var w = new Workspace(Backend);
        Assert.That(
            () => call(w), Throws.InstanceOf<ArgumentException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo(argument));
    }

    [Test]
    public void Too_few_derivatives_are_named()
    {
        using var w = new Workspace(Backend);
        Assert.That(
            () => Backend.Combine(M(w, 3), [M(w, 3)], [1, 2], M(w, 3)),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("derivatives"));
    }

    private static void Rates(
        Workspace w, Matrix? velocity = null, Matrix? probes = null, Matrix? score = null, int[]? segments = null,
        Accumulator? rates = null) =>
        w.Backend.LogDensityRates(
            velocity ?? M(w, 3, 4), Stack, score ?? M(w, 3, 2), segments ?? [0, 1], M(w, 3), probes ?? M(w, 3),
            DivergenceReduction.PerProbe, GradientMode.Overwrite, rates ?? w.Sums(Rows, 2));

    private static TestCaseData Case(string operation, string argument, Action<Workspace> call) =>
        new TestCaseData(argument, call).SetArgDisplayNames(operation, argument);

    private static Matrix M(Workspace w, int columns, int segments = 1, int rows = Rows) => w.Output(rows, columns, segments);

    private static ParameterView V(Workspace w, int rows, int columns) =>
        w.Weight(new HostMatrix(1, rows, columns, new float[rows * columns]));

    private static ParameterBuffer P(Workspace w, int length) => w.Parameters(new float[length]);

    private static IndexBuffer I(Workspace w, int length) => w.Indices(new int[length]);
}
