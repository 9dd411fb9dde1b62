using FlowRatio.Commands.Arguments;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Commands;

/// <summary>No output may be another file of the same command, whatever it is called.</summary>
public sealed class CommandFilesTests
{
    private TemporaryFolder folder = null!;
    private string data = null!;

    [SetUp]
    public void CreateFolder()
    {
        folder = new TemporaryFolder();
        data = folder.Write("d.csv", "x\n1\n");
    }

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void An_input_is_no_output()
    {
        var files = new CommandFiles(("MODEL", folder.File("m.flow")), ("DATA", data));
        Refuses(() => files.Write("-o", data), "-o", data, "DATA");
        Refuses(() => files.Write("--report", folder.File("m.flow")), "--report", "m.flow", "MODEL");
        Refuses(() => files.Write("-o", Path.GetRelativePath(Environment.CurrentDirectory, data)), "DATA");
        Refuses(() => files.Write("-o", Path.Combine(Path.GetDirectoryName(data)!, ".", "d.csv")), "DATA");
        Assert.That(files.Write("-o", folder.File("o.csv")), Is.EqualTo(folder.File("o.csv")));
    }

    [Test]
    public void Two_outputs_are_two_files()
    {
        var files = new CommandFiles(("DATA", data));
        files.Write("-o", folder.File("o.csv"));
        Refuses(() => files.Write("--report", folder.File("o.csv")), "--report", "o.csv", "-o");
    }

    [Test]
    public void Files_on_the_way_are_outputs_as_well()
    {
        string model = folder.File("m.flow"), checkpoint = model + ".checkpoint";
        Refuses(() => new CommandFiles(("DATA", checkpoint)).Write("-o", model, checkpoint), "-o", checkpoint, "DATA");
        Refuses(() => new CommandFiles(("DATA", model + ".partial")).Write("-o", model), "-o", "m.flow.partial", "DATA");
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void Links_of_files_and_folders_are_seen_through()
    {
        string link = folder.File("link.csv"), other = folder.File("other");
        File.CreateSymbolicLink(link, "d.csv");
        Directory.CreateSymbolicLink(other, Path.GetDirectoryName(data)!);
        Refuses(() => new CommandFiles(("DATA", link)).Write("-o", data), "-o", "DATA");
        Refuses(() => new CommandFiles(("DATA", data)).Write("-o", link), "-o", "DATA");
        Refuses(() => new CommandFiles(("DATA", Path.Combine(other, "link.csv"))).Write("-o", data), "-o", "DATA");
        Refuses(() => new CommandFiles(("DATA", data)).Write("-o", Path.Combine(other, "d.csv")), "-o", "DATA");

        // Links in a circle lead nowhere, and to an end.
        File.CreateSymbolicLink(folder.File("a"), "b/x");
        File.CreateSymbolicLink(folder.File("b"), "a/x");
        new CommandFiles(("DATA", folder.File("a"))).Write("-o", folder.File("o.csv"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_device_takes_several_outputs()
    {
        var files = new CommandFiles(("DATA", data));
        files.Write("--json", "/dev/null");
        Assert.That(files.Write("--report", "/dev/null"), Is.EqualTo("/dev/null"));
    }

    [Test]
    public void An_empty_name_is_refused() => Refuses(() => new CommandFiles(("DATA", string.Empty)).Write("-o", data), "DATA is empty");

    private static void Refuses(Action action, params string[] parts)
    {
        string message = Assert.Throws<ArgumentException>(action.Invoke)!.Message;
        foreach (string part in parts)
        {
            Assert.That(message, Does.Contain(part));
        }
    }
}
