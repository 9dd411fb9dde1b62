using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>Files of one command that are the same, or of a kind that is not written: refused, and nothing is touched.</summary>
public sealed class FileNameTests
{
    private TemporaryFolder folder = null!;
    private string data = null!;
    private string model = null!;
    private Dictionary<string, byte[]> before = null!;

    [OneTimeSetUp]
    public void Train()
    {
        folder = new TemporaryFolder();
        data = SmallTable.Write(folder);
        model = folder.File("m.csv");
        SmallTable.Train(data, model).Succeeds();
        before = Content();
    }

    [TearDown]
    public void NothingIsTouched()
    {
        Dictionary<string, byte[]> after = Content();
        Assert.That(after.Keys, Is.EquivalentTo(before.Keys));
        foreach ((string file, byte[] content) in before)
        {
            Assert.That(after[file], Is.EqualTo(content), file);
        }
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void A_training_does_not_replace_its_data()
    {
        SmallTable.Train(data, data).Refuses("-o", data, "read as DATA");
        string plain = Path.ChangeExtension(data, null);
        SmallTable.Train(plain + ".checkpoint", plain).Refuses("-o", ".checkpoint", "read as DATA");
    }

    [TestCase("-o", "cells.csv", "DATA")]
    [TestCase("-o", "m.csv", "MODEL")]
    [TestCase("--report", "cells.csv", "DATA")]
    [TestCase("--report", "m.csv", "MODEL")]
    [TestCase("--report", "o.csv", "-o")]
    public void An_estimation_does_not_replace_its_files(string option, string file, string other)
    {
        string path = folder.File(file), output = option == "-o" ? path : folder.File("o.csv");
        string[] page = option == "-o" ? [] : [option, path];
        ToolRun.Of(["ratio", model, data, "--numerator", "group=treated", "--denominator", "group=control", "-o", output, .. page]).Refuses($"{option}: ", path, other);
        ToolRun.Of(["density", model, data, "--condition", "group=treated", "-o", output, .. page]).Refuses($"{option}: ", path, other);
    }

    [Test]
    public void Samples_and_imports_do_not_replace_what_they_read()
    {
        ToolRun.Of("sample", model, "--condition", "group=treated", "-n", "3", "-o", model).Refuses("-o", model, "MODEL");
        ToolRun.Of("import", model, "-o", model).Refuses("-o", model, "WEIGHTS");
    }

    [TestCase("pts.h5ad")]
    [TestCase("pts.npy")]
    [TestCase("pts")]
    public void Samples_are_text(string name) =>
        ToolRun.Of("sample", model, "--condition", "group=treated", "-n", "3", "-o", folder.File(name)).Refuses("-o", name, ".csv, .tsv, .csv.gz, .tsv.gz");

    [Test]
    public void Kept_columns_are_for_text() => ToolRun.Of(
        "ratio", model, folder.File("cells.h5ad"), "--numerator", "group=treated", "--denominator", "group=control", "-o", folder.File("o.h5ad"), "--keep", "cell,nmae")
        .Refuses("--keep cell,nmae", "o.h5ad");

    private Dictionary<string, byte[]> Content() =>
        Directory.GetFiles(Path.GetDirectoryName(data)!).ToDictionary(file => file, File.ReadAllBytes);
}
