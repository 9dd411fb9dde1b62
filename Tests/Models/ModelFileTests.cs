using System.Text;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Models;

/// <summary>Model files: what is written comes back, and nothing else is read.</summary>
public sealed class ModelFileTests
{
    private static readonly NetworkShape Shape = new(3, [2, 3])
    {
        DataHidden = 5, DataCode = 4, ConditionHidden = 6, ConditionCode = 2, TimeFeatures = 4, HeadHidden = 7, HeadLayers = 2,
    };

    private static readonly ConditionVocabulary Vocabulary = new(
        new CovariateVocabulary("group", ["Mock", "WNV, late \"2\""], [70, 30]), new CovariateVocabulary("Änderung", ["a", "b", "c"]));

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void Every_part_comes_back([Values] bool isStandardized)
    {
        foreach (PathSchedule schedule in (PathSchedule[])[PathSchedule.Deterministic, PathSchedule.NoiseAtData(0.02), PathSchedule.NoiseOnPath(0.3), PathSchedule.General(0.1, 0.2)])
        {
            FlowModel model = Model(schedule, isStandardized);
            ModelFile.Write(folder.File("m.flow"), model, new Dictionary<string, string> { ["mine"] = "{\"x\":1}" });
            ModelFile file = ModelFile.Read(folder.File("m.flow"));
            Assert.That(file.Model.Parameters.ToArray(), Is.EqualTo(model.Parameters.ToArray()));
            Assert.That(file.Model.Schedule, Is.EqualTo(schedule));
            Assert.That(file.Model.Network.Shape with { Covariates = Shape.Covariates }, Is.EqualTo(Shape));
            Assert.That(file.Model.Network.Shape.Covariates, Is.EqualTo(Shape.Covariates));
            Assert.That(file.Model.Standardization?.Mean.ToArray(), Is.EqualTo(model.Standardization?.Mean.ToArray()));
            Assert.That(file.Model.Standardization?.Scale.ToArray(), Is.EqualTo(model.Standardization?.Scale.ToArray()));
            for (int i = 0; i < 2; i++)
            {
                Assert.That(file.Model.Vocabulary.Covariates[i].Name, Is.EqualTo(Vocabulary.Covariates[i].Name));
                Assert.That(file.Model.Vocabulary.Covariates[i].Categories, Is.EqualTo(Vocabulary.Covariates[i].Categories));
                Assert.That(file.Model.Vocabulary.Covariates[i].Counts, Is.EqualTo(Vocabulary.Covariates[i].Counts));
            }

            Assert.That(file.Sections, Is.EqualTo(new Dictionary<string, string> { ["mine"] = "{\"x\":1}" }));
            Assert.That(file.Unknown, Is.Empty);
        }
    }

    [Test]
    public void Tensors_have_the_names_and_shapes_of_the_PyTorch_implementation()
    {
        string[] names =
        [
            "data_encoder.encoder.0", "data_encoder.encoder.3",
            "cond_encoders.0.encoder.0", "cond_encoders.0.encoder.3", "cond_encoders.1.encoder.0", "cond_encoders.1.encoder.3",
            "vf_mlp.mlp.0", "vf_mlp.mlp.3", "vf_mlp.mlp.6", "score_mlp.mlp.0", "score_mlp.mlp.3", "score_mlp.mlp.6",
        ];
        Assert.That(StateDictionary.Names(new VelocityScoreNetwork(Shape)).Select(entry => entry.Name), Is.EqualTo(names));
        SafetensorsTensor[] tensors = [.. StateDictionary.Tensors(Model(PathSchedule.Deterministic, false))];
        Assert.That(tensors.Single(tensor => tensor.Name == "vf_mlp.mlp.0.weight").Shape, Is.EqualTo(new long[] { 7, 4 + (2 * 2) + 4 }));
        Assert.That(tensors.Sum(tensor => tensor.Count), Is.EqualTo(new VelocityScoreNetwork(Shape).ParameterCount));
    }

    [Test]
    public void A_newer_version_is_refused_with_both_versions()
    {
        string path = Rewritten(text => text.Replace("\"format_version\":\"2\"", "\"format_version\":\"3\"", StringComparison.Ordinal));
        Assert.That(Refused(path), Does.Contain("version 3").And.Contain("up to 2").And.Contain("m.flow"));
    }

    [Test]
    public void Another_safetensors_file_is_refused_with_the_way_to_import_it()
    {
        SafetensorsFile.Write(folder.File("w.safetensors"), [SafetensorsTensor.Of("a", [1f], 1)]);
        Assert.That(Refused(folder.File("w.safetensors")), Does.Contain("flowratio import"));
    }

    [Test]
    public void Unknown_tensors_and_fields_are_named()
    {
        string path = folder.File("m.flow");
        ModelFile.Write(path, Model(PathSchedule.Deterministic, true), null, [SafetensorsTensor.Of("future.weight", [1f, 2f], 2), SafetensorsTensor.Of("training.x", [1f], 1)]);
        Assert.That(ModelFile.Read(path).Unknown, Is.EqualTo(new[] { "future.weight" }));
    }

    [Test]
    public void Sizes_that_the_tensors_do_not_have_are_refused_without_taking_memory()
    {
        foreach ((string from, string to) in ((string, string)[])
                 [
                     ("\\u0022head_hidden\\u0022:7", "\\u0022head_hidden\\u0022:9"),
                     ("\\u0022head_layers\\u0022:2", "\\u0022head_layers\\u0022:9"),
                     ("\\u0022dimension\\u0022:3", "\\u0022dimension\\u0022:0"),
                     ("\\u0022data_hidden\\u0022:5,", string.Empty),
                 ])
        {
            string path = Rewritten(text => text.Replace(from, to, StringComparison.Ordinal));
            Assert.That(Refused(path), Does.Contain("m.flow"), from);
        }
    }

    [TestCase("vocabulary", "[null]")]
    [TestCase("vocabulary", "[{\"name\":\"group\",\"categories\":[\"a\",null]},{\"name\":\"other\",\"categories\":[\"a\",\"b\",\"c\"]}]")]
    [TestCase("continuous", "[null]")]
    public void An_element_that_is_null_is_refused_with_its_section(string section, string text)
    {
        ModelFile.Write(folder.File("m.flow"), Model(PathSchedule.Deterministic, false));
        SafetensorsFile file = SafetensorsFile.Read(folder.File("m.flow"));
        Dictionary<string, string> metadata = new(file.Metadata) { [section] = text };
        SafetensorsFile.Write(folder.File("changed.flow"), file.Names.Select(name => file[name]), metadata);
        Assert.That(Refused(folder.File("changed.flow")), Does.Contain("changed.flow").And.Contain($"'{section}'").And.Contain("null"));
    }

    [Test]
    public void A_value_that_is_not_finite_is_refused_with_its_tensor()
    {
        FlowModel model = Model(PathSchedule.Deterministic, false);
        float[] parameters = model.Parameters.ToArray();
        parameters[model.Network.ScoreHead[0].Offset] = float.NaN;
        ModelFile.Write(folder.File("m.flow"), new FlowModel(Shape, parameters, model.Schedule, Vocabulary));
        Assert.That(Refused(folder.File("m.flow")), Does.Contain("score_mlp.mlp.0.weight").And.Contain("NaN"));
    }

    [Test]
    public void Damaged_files_are_refused_and_never_crash()
    {
        string path = folder.File("m.flow");
        ModelFile.Write(path, Model(PathSchedule.NoiseAtData(0.1), true));
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(4);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. whole];
            switch (i % 3)
            {
                case 0:
                    damaged = damaged[..random.Next(damaged.Length)];
                    break;
                case 1:
                    damaged[random.Next(Math.Min(damaged.Length, 2500))] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    damaged[random.Next(2500)] = (byte)random.Next(256);
                    damaged[random.Next(2500)] = (byte)"0123456789-.[]{}\",:eE"[random.Next(21)];
                    break;
            }

            string file = folder.Write("damaged.flow", damaged);
            try
            {
                ModelFile.Read(file);
            }
            catch (InvalidDataException exception)
            {
                Assert.That(exception.Message, Does.Contain("damaged.flow"));
            }
        }
    }

    private static FlowModel Model(PathSchedule schedule, bool isStandardized) => new(
        Shape, new VelocityScoreNetwork(Shape).Initialize(5), schedule, Vocabulary, isStandardized ? new Standardization([1, 2, 3.5f], [0.5f, 1e-3f, 7]) : null);

    private static string Refused(string path) => Assert.Throws<InvalidDataException>(() => ModelFile.Read(path))!.Message;

    /// <summary>A model file with another header, its length put right.</summary>
    private string Rewritten(Func<string, string> change)
    {
        string path = folder.File("m.flow");
        ModelFile.Write(path, Model(PathSchedule.Deterministic, false));
        byte[] content = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToUInt64(content);
        string before = Encoding.UTF8.GetString(content, 8, length), after = change(before);
        Assert.That(after, Is.Not.EqualTo(before), "the header has what the test changes");
        byte[] header = Encoding.UTF8.GetBytes(after);
        return folder.Write("m.flow", [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. content[(8 + length)..]]);
    }
}
