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
        JsonElement golden = Golden();
        double[] points = Numbers(golden.GetProperty("points"));
        int rows = points.Length / model.Dimension;
        using var backend = new ReferenceBackend();
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        using var pass = new NetworkTrainingPass(backend, model.Network, rows);
        using Matrix x = backend.CreateMatrix(rows, model.Dimension), t = backend.CreateMatrix(rows, 1);
        x.Write<double>(points);
        IndexBuffer[] categories = [backend.CreateIndices(rows), backend.CreateIndices(rows)];
        foreach (JsonElement output in golden.GetProperty("outputs").EnumerateArray())
        {
            t.Write<double>([.. Enumerable.Repeat(output.GetProperty("time").GetDouble(), rows)]);
            for (int i = 0; i < categories.Length; i++)
            {
                categories[i].Write([.. Enumerable.Repeat(output.GetProperty("categories")[i].GetInt32(), rows)]);
            }

            pass.Forward(parameters, x, t, categories);
            double[] velocity = new double[points.Length], score = new double[points.Length];
            pass.Velocity.Read<double>(velocity);
            pass.Score.Read<double>(score);
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
            ImpliedScore = 0, // the published method
            Field = SimulatingField.Midpoint, Steps = ratio.GetProperty("steps").GetInt32(), Divergence = DivergenceMethod.Exact,
        };
        using var backend = new ReferenceBackend();
        using var estimator = new LogRatioEstimator(model, options, backend);
        EstimationResult result = estimator.Estimate(
            [.. Numbers(golden.GetProperty("points")).Select(value => (float)value)],
            model.Condition(("group", "b"), ("batch", "x")),
            model.Condition(("group", "a"), ("batch", "x")));
        Assert.That(result.Values, Is.EqualTo(Numbers(ratio.GetProperty("values"))).Within(1e-8));
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

    private static JsonElement Golden() => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.ChangeExtension(Weights, ".json")));

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
