using FlowRatio.Engine.Networks;

namespace FlowRatio.Tests.Networks;

/// <summary>Sizes: what is refused, and with which message.</summary>
public sealed class NetworkShapeTests
{
    private static readonly NetworkShape Valid = new(2, [3]);

    private static IEnumerable<TestCaseData> BadShapes =>
    [
        Case(nameof(NetworkShape.Dimension), 0, Valid with { Dimension = 0 }),
        Case(nameof(NetworkShape.Covariates), 0, Valid with { Covariates = [3, 0] }),
        Case(nameof(NetworkShape.DataHidden), 0, Valid with { DataHidden = 0 }),
        Case(nameof(NetworkShape.DataCode), -1, Valid with { DataCode = -1 }),
        Case(nameof(NetworkShape.ConditionHidden), 0, Valid with { ConditionHidden = 0 }),
        Case(nameof(NetworkShape.ConditionCode), -5, Valid with { ConditionCode = -5 }),
        Case(nameof(NetworkShape.TimeFeatures), 0, Valid with { TimeFeatures = 0 }),
        Case(nameof(NetworkShape.TimeFeatures), 7, Valid with { TimeFeatures = 7 }),
        Case(nameof(NetworkShape.TimeScale), 0, Valid with { TimeScale = 0 }),
        Case(nameof(NetworkShape.TimeScale), 1001, Valid with { TimeScale = 1001 }),
        Case(nameof(NetworkShape.HeadHidden), 0, Valid with { HeadHidden = 0 }),
        Case(nameof(NetworkShape.HeadLayers), 0, Valid with { HeadLayers = 0 }),

        // More parameters than an array holds: the size that makes most of them is named.
        Case(nameof(NetworkShape.Dimension), 60_000, Valid with { Dimension = 60_000 }),
        Case(nameof(NetworkShape.Covariates), int.MaxValue, Valid with { Covariates = [int.MaxValue] }),
        Case(nameof(NetworkShape.DataHidden), 1 << 28, Valid with { DataHidden = 1 << 28 }),
        Case(nameof(NetworkShape.DataCode), int.MaxValue, Valid with { DataCode = int.MaxValue }),
        Case(nameof(NetworkShape.ConditionHidden), 1 << 26, Valid with { ConditionHidden = 1 << 26 }),
        Case(nameof(NetworkShape.ConditionCode), int.MaxValue, Valid with { ConditionCode = int.MaxValue }),
        Case(nameof(NetworkShape.TimeFeatures), int.MaxValue - 1, Valid with { TimeFeatures = int.MaxValue - 1 }),
        Case(nameof(NetworkShape.HeadHidden), 1 << 16, Valid with { HeadHidden = 1 << 16, DataHidden = 1 << 16 }),
        Case(nameof(NetworkShape.HeadHidden), int.MaxValue, Valid with { HeadHidden = int.MaxValue }),
        Case(nameof(NetworkShape.HeadLayers), int.MaxValue, Valid with { HeadLayers = int.MaxValue }),
    ];

    [TestCaseSource(nameof(BadShapes))]
    public void A_bad_size_is_named_with_its_value(string name, int value, NetworkShape shape)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(shape.Validate)!;
        Assert.That(exception.ParamName, Is.EqualTo(name));
        Assert.That(exception.Message, Does.Contain(name).And.Contain(value.ToString()));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new VelocityScoreNetwork(shape), "the constructor checks");
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(32)]
    public void One_time_feature_or_an_even_number_is_valid(int features) =>
        Assert.DoesNotThrow((Valid with { TimeFeatures = features }).Validate);

    [TestCase(10, 256, 64)]
    [TestCase(100, 256, 100)]
    [TestCase(320, 320, 320)]
    public void By_default_the_encoder_is_no_narrower_than_the_data(int dimension, int hidden, int code)
    {
        // As the trainer does it: a shape made before the dimension is known.
        NetworkShape shape = new NetworkShape(1, []) with { Dimension = dimension };
        Assert.That((shape.DataHidden, shape.DataCode), Is.EqualTo((hidden, code)));
        Assert.That((shape with { DataCode = 7 }).DataCode, Is.EqualTo(7), "a stated width stays");
    }

    [Test]
    public void The_heads_see_data_code_condition_codes_and_time_features()
    {
        var shape = new NetworkShape(2, [3, 4]) { DataCode = 10, ConditionCode = 5, TimeFeatures = 6 };
        Assert.That(shape.ConditionCodes, Is.EqualTo(2 * 5));
        Assert.That(shape.HeadInput, Is.EqualTo(10 + (2 * 5) + 6));
    }

    private static TestCaseData Case(string name, int value, NetworkShape shape) =>
        new TestCaseData(name, value, shape).SetArgDisplayNames(name, value.ToString());
}
