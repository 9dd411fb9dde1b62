using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Models;

/// <summary>A base comes out of a model file as it went in; a damaged one is refused with the name of what is wrong.</summary>
public sealed class BaseModelFileTests
{
    private const int Dimension = 5;

    [Test]
    public void A_base_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        FlowModel model = Model(Support.BaseFlows.Flow(Dimension));
        string path = folder.File("model.safetensors");
        ModelFile.Write(path, model);
        ModelFile read = ModelFile.Read(path);
        BaseFlow expected = model.Base!, actual = read.Model.Base!;
        Assert.Multiple(() =>
        {
            Assert.That(read.Unknown, Is.Empty);
            Assert.That(read.Sections, Is.Empty);
            Assert.That(actual.Summary, Is.EqualTo(expected.Summary));
            Assert.That(actual.Conditions, Is.EquivalentTo(expected.Conditions));
            Assert.That(actual.Pooled, Is.EqualTo(expected.Pooled));
            Assert.That(Numbers(actual), Is.EqualTo(Numbers(expected)));
            Assert.That(Coordinates(actual), Is.EqualTo(Coordinates(expected)));
        });
    }

    [Test]
    public void Without_products_a_file_is_as_it_was_before_there_were_any()
    {
        var flow = new BaseFlow("plain", [Support.BaseFlows.Density(Dimension, 2, 1, Dimension)], [], 0);
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        ModelFile.Write(path, Model(flow));
        SafetensorsFile file = SafetensorsFile.Read(path);
        Assert.Multiple(() =>
        {
            Assert.That(file["base.means"].Shape, Is.EqualTo(new long[] { 2, Dimension }));
            Assert.That(file.Metadata.Values, Has.None.Contain("factors"));
        });
    }

    [TestCase("\"coordinates\":[0,3]", "\"coordinates\":[0,1]")]
    [TestCase("\"coordinates\":[0,3]", "\"coordinates\":[0]")]
    [TestCase("\"components\":3}", "\"components\":4}")]
    [TestCase("\"components\":3}", "\"components\":2147483647}")]
    [TestCase("{\"coordinates\":[0,3],\"components\":2}", "null")]
    [TestCase("\"coordinates\":[0,3]", "\"coordinates\":[0,-3]")]
    public void Factors_that_do_not_fit_are_refused(string part, string damaged)
    {
        SafetensorsFile file = Written();
        var metadata = file.Metadata.ToDictionary(entry => entry.Key, entry => entry.Value.Replace(part, damaged, StringComparison.Ordinal));
        Assert.That(metadata, Is.Not.EqualTo(file.Metadata));
        using var folder = new TemporaryFolder();
        string path = folder.File("changed.safetensors");
        SafetensorsFile.Write(path, file.Names.Select(name => file[name]), metadata);
        Assert.That(() => ModelFile.Read(path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("factors"));
    }

    [Test]
    public void A_condition_that_is_null_is_refused()
    {
        SafetensorsFile file = Written();
        Dictionary<string, string> metadata = new(file.Metadata);
        metadata["base"] = metadata["base"].Replace("\"conditions\":[", "\"conditions\":[null,", StringComparison.Ordinal);
        Assert.That(metadata["base"], Does.Contain("null"));
        using var folder = new TemporaryFolder();
        string path = folder.File("changed.safetensors");
        SafetensorsFile.Write(path, file.Names.Select(name => file[name]), metadata);
        Assert.That(() => ModelFile.Read(path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("condition that is null"));
    }

    [Test]
    public void A_covariance_of_several_components_is_stored_once()
    {
        EigenBlock block = Support.BaseFlows.Component(Dimension, 1, 1, Dimension).Blocks[0];
        GaussianComponent One(double mean) => new(1, [.. Enumerable.Repeat(mean, Dimension)], [block]);
        var flow = new BaseFlow("tied", [new BaseDensity(One(0)), new BaseDensity(One(1))], [new(new Condition(1), 1)], 0);
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        ModelFile.Write(path, Model(flow));
        Assert.Multiple(() =>
        {
            Assert.That(SafetensorsFile.Read(path)["base.directions"].Count, Is.EqualTo(Dimension * Dimension));
            Assert.That(Numbers(ModelFile.Read(path).Model.Base!), Is.EqualTo(Numbers(flow)));
        });
    }

    [Test]
    public void A_model_without_a_base_has_none()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        ModelFile.Write(path, Model(null));
        Assert.That(ModelFile.Read(path).Model.Base, Is.Null);
    }

    [TestCase("base.weights", -1.0)]
    [TestCase("base.variances", 0.0)]
    [TestCase("base.directions", 7.0)]
    public void A_damaged_number_is_refused(string tensor, double value)
    {
        SafetensorsFile file = Written();
        double[] values = file[tensor].ToDouble();
        values[0] = value;
        var changed = SafetensorsTensor.Of(tensor, values, file[tensor].Shape.AsSpan());
        Assert.That(() => ModelFile.Of(With(file, changed)), Throws.InstanceOf<ArgumentException>());
    }

    [TestCase("base.block_sizes", 0L)]
    [TestCase("base.block_sizes", 1_000_000_000_000L)]
    [TestCase("base.blocks", -1L)]
    [TestCase("base.blocks", 1000L)]
    [TestCase("base.block_counts", 1000L)]
    [TestCase("base.coordinates", 5L)]
    public void A_damaged_integer_is_refused(string tensor, long value)
    {
        SafetensorsFile file = Written();
        long[] values = file[tensor].ToInt64();
        values[0] = value;
        var changed = SafetensorsTensor.Of(tensor, values, file[tensor].Shape.AsSpan());
        Assert.That(() => ModelFile.Of(With(file, changed)), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(tensor));
    }

    private static SafetensorsFile Written()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        ModelFile.Write(path, Model(Support.BaseFlows.Flow(Dimension)));
        return SafetensorsFile.Read(path);
    }

    /// <summary>The file with another tensor in place of one of its own.</summary>
    private static SafetensorsFile With(SafetensorsFile file, SafetensorsTensor changed)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("changed.safetensors");
        SafetensorsFile.Write(path, file.Names.Select(name => name == changed.Name ? changed : file[name]), file.Metadata);
        return SafetensorsFile.Read(path);
    }

    private static FlowModel Model(BaseFlow? flow)
    {
        var shape = new NetworkShape(Dimension, [3]) { DataHidden = 8, DataCode = 8, ConditionHidden = 8, ConditionCode = 4, TimeFeatures = 8, HeadHidden = 8 };
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("c", ["a", "b", "c"]));
        return new FlowModel(shape, new VelocityScoreNetwork(shape).Initialize(1), PathSchedule.Deterministic, vocabulary, baseFlow: flow);
    }

    private static int[][] Coordinates(BaseFlow flow) =>
        [.. flow.Densities.SelectMany(density => density.Factors).Select(factor => factor.Coordinates.ToArray())];

    private static double[] Numbers(BaseFlow flow) =>
    [
        .. flow.Densities.SelectMany(density => density.Components).SelectMany(component =>
            component.Mean.Append(component.Weight).Concat(component.Blocks.SelectMany(
                block => block.Coordinates.Select(value => (double)value).Concat(block.Variances).Concat(block.Directions)))),
    ];
}
