using System.Text.RegularExpressions;

namespace FlowRatio.Tests.Kernels;

/// <summary>What ILGPU would compile wrongly and without a word, found in the kernels' sources.</summary>
public sealed partial class KernelSourceTests
{
    // Folders that run on the host.
    private static readonly string[] Host = ["Backend", "Devices", "Ilgpu", "obj", "bin"];

    [Test]
    public void No_kernel_chooses_between_whole_numbers_for_a_float()
    {
        // ILGPU 1.5.3 makes of 'c ? 1 : 0', assigned to a float, a choice between the bits of the integers (docs/gpu.md). Where an int is meant, an if says so.
        string root = Root();
        string[] files =
        [
            .. Directory.EnumerateDirectories(Path.Combine(root, "Kernels")).Where(folder => !Host.Contains(Path.GetFileName(folder)))
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)),
        ];
        Assert.That(files, Has.Length.GreaterThan(50), "the sources were found");
        Assert.That(
            files.SelectMany(file => Choice().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(root, file)}: {match.Value}")),
            Is.Empty);
    }

    [TestCase("x = c ? 1 : 0;", true)]
    [TestCase("Set(i == j ? 1\n    : -1);", true)]
    [TestCase("x = c ? 1f : 0f;", false)]
    [TestCase("x = c ? 1.0 : 0.0;", false)]
    [TestCase("x = c ? y : 0;", false)]
    public void The_pattern_is_seen(string text, bool isSeen) => Assert.That(Choice().IsMatch(text), Is.EqualTo(isSeen));

    private static string Root()
    {
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlowRatio.sln")))
            {
                return folder.FullName;
            }
        }

        throw new IgnoreException("The tests run without the sources.");
    }

    [GeneratedRegex(@"\?\s*-?\d+\s*:\s*-?\d+\s*[;,)]")]
    private static partial Regex Choice();
}
