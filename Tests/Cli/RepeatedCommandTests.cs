using System.Net;
using FlowRatio.Commands.Output;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>Commands that the tool prints can be typed as they are: no word is missing, and a shell reads the same words.</summary>
public sealed class RepeatedCommandTests
{
    private TemporaryFolder folder = null!;
    private string data = null!;
    private string model = null!;
    private string[] arguments = null!;

    [SetUp]
    public void WriteTable()
    {
        folder = new TemporaryFolder();
        data = SmallTable.Write(folder, "it's a table.csv");
        File.WriteAllText(data, File.ReadAllText(data).Replace("treated", "CD14+ (new)", StringComparison.Ordinal));
        model = folder.File("m 1.flow");
        arguments =
            ["train", data, "-o", model, "--conditions", "group", "--columns", "x,y", "--batch", "16", "--width", "16", "--layers", "1", "--threads", "1", "--steps", "16", "--raw"];
    }

    [TearDown]
    public void DeleteTable() => folder.Dispose();

    [Test]
    public void An_interrupted_training_continues_with_the_same_options()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        string expected = ShellText.Line(["flowratio", .. arguments, "--resume"]);
        ToolRun first = ToolRun.Of(source.Token, arguments);
        Assert.That(first.Error.TrimEnd(), Does.EndWith($"\n  {expected}"));
        ToolRun again = ToolRun.Of(source.Token, [.. arguments, "--resume"]);
        Assert.That(again.Error.TrimEnd(), Does.EndWith($"\n  {expected}"), "once is enough");
    }

    [Test]
    public void What_comes_next_and_what_a_page_repeats_is_quoted()
    {
        Assert.That(ToolRun.Of(arguments).Succeeds().Error, Does.Contain(
            $"Next: flowratio ratio '{model}' {ShellText.Of(data)} --numerator group=control --denominator 'group=CD14+ (new)' -o ratios.csv"));
        string page = folder.File("p.html");
        string[] ratio =
            ["ratio", model, data, "--numerator", "group=CD14+ (new)", "--denominator", "group=control", "-o", folder.File("o.csv"), "--steps", "2", "--report", page];
        ToolRun.Of(ratio).Succeeds();
        Assert.That(WebUtility.HtmlDecode(File.ReadAllText(page)), Does.Contain(ShellText.Line(["flowratio", .. ratio])));
    }
}
