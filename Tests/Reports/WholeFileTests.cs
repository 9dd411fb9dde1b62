using FlowRatio.Reports;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Reports;

/// <summary>Files that are complete or as they were before.</summary>
public sealed class WholeFileTests
{
    [Test]
    public void Replaces_a_file_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("result.json");
        WholeFile.Write(path, "old");
        WholeFile.Write(path, "new");
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_failure_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("result.json");
        Directory.CreateDirectory(Path.Combine(path, "a folder in its place"));
        Assert.That(() => WholeFile.Write(path, "text"), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Is.Empty);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_device_stays_a_device()
    {
        WholeFile.Write("/dev/null", "nothing");
        Assert.That(File.ReadAllText("/dev/null"), Is.Empty);
    }
}
