using System.Text;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The option <c>--report</c> of the experiments, in a browser.</summary>
public sealed class ReportOptionTests
{
    private static readonly string[] Tiny =
        ["--steps", "150", "--width", "16", "--solver-steps", "4"];

    [Test]
    public void Gaussian_writes_a_page() => Check(
        ["gaussian", "--dim", "2", "--train-points", "400", "--test-points", "100", "--methods", "s1,s3,ctsm", "--baseline-steps", "100", .. Tiny],
        charts: 1 + 2 + 3 + 2 + 2,
        "Shifted Gaussians in 2 dimensions");

    [Test]
    public void Mi_writes_a_page() => Check(
        ["mi", "--dim", "4", "--train-points", "400", "--test-points", "100", "--methods", "s2,naive", .. Tiny],
        charts: 1 + 2 + 2 + 2 + 1,
        "Mutual information in 4 dimensions");

    [Test]
    public void Table_writes_a_page_whatever_the_names_of_columns_and_groups()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder("a.b[0]</script>,x'y,group<i>\n");
        float[] noise = new RandomData(92).Normal(2 * 300);
        for (int i = 0; i < 300; i++)
        {
            text.Append($"{noise[2 * i] + (i % 2 * 2)},{noise[(2 * i) + 1]},{(i % 2 == 0 ? "<b>one</b>" : "two & </script>")}\n");
        }

        string file = folder.Write("cells.csv", text.ToString());
        Check(
            ["table", file, "--condition", "group<i>", "--numerator", "two & </script>", "--denominator", "<b>one</b>", "--methods", "s1,s3", .. Tiny],
            charts: 2 + 2 + 1,
            "two &amp; &lt;/script&gt; against &lt;b&gt;one&lt;/b&gt;");
    }

    [Test]
    public void A_page_in_a_folder_that_does_not_exist_is_refused_before_any_work()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Refuses(["gaussian", "--report", Path.Combine(folder.File("nowhere"), "page.html")], "--report", "nowhere");
    }

    private static void Check(string[] arguments, int charts, string title)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("page.html");
        CommandLine run = CommandLine.Run([.. arguments, "--report", file]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        string html = File.ReadAllText(file);
        Assert.That(html, Does.Contain($"<title>{title}</title>"));
        Assert.That(html, Does.Contain($"-- {arguments[0]}"), "the command");
        Assert.That(html, Does.Not.Contain("page.html"), "the command without its outputs");
        using HeadlessBrowser browser = HeadlessBrowser.Start();
        ReportExpectations.Check(browser, file, charts);
    }
}
