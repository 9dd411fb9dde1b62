using System.Text.Json;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Models;

/// <summary>A checkpoint that PyTorch made (Tests/Reference/make_golden_import.py) loads and computes the same.</summary>
public sealed class StateDictImportTests
{
    // float32 weights, everything else in double on both sides: rounding of the points is all that is left.
    private const double LargestDifference = 1e-9;

    private static readonly ConditionVocabulary Vocabulary = new(new CovariateVocabulary("group", ["a", "b"]), new CovariateVocabulary("batch", ["x", "y", "z"]));

    private static readonly string Weights = Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "golden_import.safetensors");

    [Test]
    public void Sizes_come_from_the_tensors()
    {
        (FlowModel model, IReadOnlyList<string> unknown) = StateDictImport.Read(Weights, PathSchedule.Deterministic, Vocabulary);
        NetworkShape shape = model.Network.Shape;
        Assert.That(unknown, Is.Empty);
        Assert.That(
            (shape.Dimension, shape.DataHidden, shape.DataCode, shape.ConditionHidden, shape.ConditionCode, shape.TimeFeatures, shape.HeadHidden, shape.HeadLayers),
            Is.EqualTo((3, 8, 5, 8, 4, 6, 12, 2)));
        Assert.That(shape.Covariates, Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Velocity_and_score_are_those_of_PyTorch()
    {
        (FlowModel model, _) = StateDictImport.Read(Weights, PathSchedule.Deterministic, Vocabulary);
        foreach (JsonElement output in Golden().GetProperty("outputs").EnumerateArray())
        {
            (double[] velocity, double[] score) = Evaluate(
                model, output.GetProperty("time").GetDouble(), [.. output.GetProperty("categories").EnumerateArray().Select(category => category.GetInt32())]);
            Assert.That(velocity, Is.EqualTo(Numbers(output.GetProperty("velocity"))).Within(LargestDifference));
            Assert.That(score, Is.EqualTo(Numbers(output.GetProperty("score"))).Within(LargestDifference));
        }
    }

    [Test]
    public void Log_ratios_are_those_of_PyTorch()
    {
        (FlowModel model, _) = StateDictImport.Read(Weights, PathSchedule.Deterministic, Vocabulary);
        JsonElement golden = Golden(), ratio = golden.GetProperty("log_ratio");
        var options = new EstimationOptions
        {
            Field = SimulatingField.Midpoint, Steps = ratio.GetProperty("steps").GetInt32(), Divergence = DivergenceMethod.Exact,
        };
        using var backend = new ReferenceBackend();
        using var estimator = new LogRatioEstimator(model, options, backend);
        EstimationResult result = estimator.Estimate(
            [.. Numbers(golden.GetProperty("points")).Select(value => (float)value)],
            model.Condition(("group", "b"), ("batch", "x")),
            model.Condition(("group", "a"), ("batch", "x")));
        Assert.That(result.Values, Is.EqualTo(Numbers(ratio.GetProperty("values"))).Within(1e-8), "no implied score unless it is asked for");
    }

    [Test]
    public void The_default_of_the_implied_score_is_recorded()
    {
        using var folder = new TemporaryFolder();
        (FlowModel model, _) = StateDictImport.Read(Weights, PathSchedule.Deterministic, Vocabulary);
        ModelFile.Write(folder.File("m.flow"), model);
        Assert.That(ModelFile.Read(folder.File("m.flow")).Model.ImpliedScore, Is.Zero);
        Assert.That(ModelFile.Read(folder.File("m.flow")).Unknown, Is.Empty);
        ModelFile.Write(folder.File("own.flow"), SmallModel.Create(3));
        Assert.That(ModelFile.Read(folder.File("own.flow")).Model.ImpliedScore, Is.Null, "a model of this program says nothing");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Encoders_without_inputs_are_part_of_the_heads(bool both)
    {
        // An encoder whose bias holds a category's weights has the code of that category, whatever its inputs.
        JsonElement output = Golden().GetProperty("outputs").EnumerateArray().First(
            entry => entry.GetProperty("categories").EnumerateArray().All(category => category.GetInt32() >= 0));
        int[] categories = [.. output.GetProperty("categories").EnumerateArray().Select(category => category.GetInt32())];
        using var folder = new TemporaryFolder();
        string file = folder.File("constant.safetensors");
        SafetensorsFile.Write(file, Constant(SafetensorsFile.Read(Weights), categories, both ? 2 : 1));
        ConditionVocabulary vocabulary = both ? new() : new(Vocabulary.Covariates[1]);
        (FlowModel model, IReadOnlyList<string> unknown) = StateDictImport.Read(file, PathSchedule.Deterministic, vocabulary);
        Assert.That(unknown, Is.Empty);
        Assert.That(model.Network.Shape.Covariates, Has.Count.EqualTo(both ? 0 : 1));
        ModelFile.Write(folder.File("m.flow"), model);
        model = ModelFile.Read(folder.File("m.flow")).Model;
        (double[] velocity, double[] score) = Evaluate(model, output.GetProperty("time").GetDouble(), both ? [] : [categories[1]]);
        Assert.That(velocity, Is.EqualTo(Numbers(output.GetProperty("velocity"))).Within(1e-6));
        Assert.That(score, Is.EqualTo(Numbers(output.GetProperty("score"))).Within(1e-6));
        Assert.That(
            Assert.Throws<InvalidDataException>(() => StateDictImport.Read(file, PathSchedule.Deterministic, Vocabulary))!.Message,
            Does.Contain(both ? "no condition" : "1 covariates with (3)"));
    }

    [Test]
    public void The_model_file_has_the_same_tensors_so_the_weights_go_back_as_well()
    {
        using var folder = new TemporaryFolder();
        (FlowModel model, _) = StateDictImport.Read(Weights, PathSchedule.Deterministic, Vocabulary);
        ModelFile.Write(folder.File("m.flow"), model);
        SafetensorsFile there = SafetensorsFile.Read(Weights), here = SafetensorsFile.Read(folder.File("m.flow"));
        Assert.That(here.Names, Is.EquivalentTo(there.Names));
        foreach (string name in there.Names)
        {
            Assert.That(here[name].Shape, Is.EqualTo(there[name].Shape), name);
            Assert.That(here[name].ToSingle(), Is.EqualTo(there[name].ToSingle()), name);
        }
    }

    [Test]
    public void Other_categories_are_refused_with_the_sizes_of_the_network()
    {
        var other = new ConditionVocabulary(new CovariateVocabulary("group", ["a", "b"]));
        Assert.That(
            Assert.Throws<InvalidDataException>(() => StateDictImport.Read(Weights, PathSchedule.Deterministic, other))!.Message,
            Does.Contain("2 covariates with (2, 3)").And.Contain("(2)"));
    }

    [Test]
    public void A_file_of_another_network_is_refused_with_what_it_has()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder.File("w.safetensors"), [SafetensorsTensor.Of("conv.weight", [1f], 1, 1)]);
        Assert.That(
            Assert.Throws<InvalidDataException>(() => StateDictImport.Read(folder.File("w.safetensors"), PathSchedule.Deterministic, Vocabulary))!.Message,
            Does.Contain("data_encoder.encoder.0.weight").And.Contain("conv.weight"));
    }

    private static (double[] Velocity, double[] Score) Evaluate(FlowModel model, double time, int[] categories)
    {
        double[] points = Numbers(Golden().GetProperty("points"));
        int rows = points.Length / model.Dimension;
        using var backend = new ReferenceBackend();
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        using var pass = new NetworkTrainingPass(backend, model.Network, rows);
        using Matrix x = backend.CreateMatrix(rows, model.Dimension), t = backend.CreateMatrix(rows, 1);
        x.Write<double>(points);
        t.Write<double>([.. Enumerable.Repeat(time, rows)]);
        IndexBuffer[] codes = [.. categories.Select(_ => backend.CreateIndices(rows))];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i].Write([.. Enumerable.Repeat(categories[i], rows)]);
        }

        pass.Forward(parameters, x, t, codes);
        double[] velocity = new double[points.Length], score = new double[points.Length];
        pass.Velocity.Read<double>(velocity);
        pass.Score.Read<double>(score);
        return (velocity, score);
    }

    /// <summary>The first encoders without inputs: the weights of one category go into the bias.</summary>
    internal static SafetensorsTensor[] Constant(SafetensorsFile file, int[] categories, int count)
    {
        Dictionary<string, SafetensorsTensor> tensors = file.Names.ToDictionary(name => name, name => file[name]);
        for (int c = 0; c < count; c++)
        {
            SafetensorsTensor weight = file[$"cond_encoders.{c}.encoder.0.weight"], bias = file[$"cond_encoders.{c}.encoder.0.bias"];
            int rows = (int)weight.Shape[0], columns = (int)weight.Shape[1];
            float[] weights = weight.ToSingle();
            float[] sums = [.. bias.ToSingle().Select((value, r) => value + weights[(r * columns) + categories[c]])];
            tensors[weight.Name] = SafetensorsTensor.Of(weight.Name, (float[])[], rows, 0);
            tensors[bias.Name] = SafetensorsTensor.Of(bias.Name, sums, rows);
        }

        return [.. tensors.Values];
    }

    private static JsonElement Golden() => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.ChangeExtension(Weights, ".json")));

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
