using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using FlowRatio.Cli.Arguments;
using FlowRatio.Commands.Arguments;
using FlowRatio.Commands.Output;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Delimited;
using FlowRatio.Training.Records;

namespace FlowRatio.Tests.Cli;

/// <summary>
/// Every command that the tool prints runs when it is pasted into a shell, whatever columns, labels and files are called. The shell is a real bash; what it
/// reads runs in this process.
/// </summary>
[NonParallelizable]
public sealed class PastedCommandTests
{
    private static readonly string[] Labels =
    [
        "plain", " plain", "LPS, t=24h", "x=y", "plain,-o=1", "\"q\"", "it's", "new\nline", "tab\there", "a + b", "*", "?[a-z]*", "-dash", "--steps=3", "@file", "$HOME", "`id`", "\\",
        "!", "#", "~", "(a|b)&;<>", "{a,b}", "é", "%d",
    ];

    private static readonly string[] Covariates = ["cond, day", "-o", "@x", "\"q\"", "a=b", " lead", "it's", "$HOME"];

    private TemporaryFolder folder = null!;
    private string before = null!;

    [SetUp]
    public void GoToFolder()
    {
        folder = new TemporaryFolder();
        before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path.GetDirectoryName(folder.File("x"))!;
    }

    [TearDown]
    public void GoBack()
    {
        Environment.CurrentDirectory = before;
        folder.Dispose();
    }

    [Test]
    public void Labels_with_every_kind_of_letter()
    {
        const string Covariate = "-the 'cond'";
        Write("-cells.csv", 10 * Labels.Length, [Covariate], (row, _) => Labels[row % Labels.Length]);
        ToolRun train = ToolRun.Of(["train", "./-cells.csv", "-o", "m 1.flow", "--conditions=" + Covariate, "--columns", "x,y", "--min-rows", "1", .. Tiny]).Succeeds();
        Assert.That(train.Error, Does.Contain("differ only by blanks or by case").And.Contain("' plain', 'plain'").Or.Contain("'plain', ' plain'"));
        Pasted(Next(train));
        Assert.That(File.Exists("ratios.csv"), Is.True);
        TrainedModel model = TrainedModel.Read("m 1.flow");
        foreach (string label in Labels)
        {
            string other = label == Labels[0] ? Labels[1] : Labels[0];
            Pasted(ShellText.Line(
            [
                "flowratio", "ratio", "m 1.flow", "./-cells.csv", "--raw", "--steps", "1", "--probes", "1", "-o", "o.csv",
                .. ShellText.Option("--numerator", ConditionText.Write([(Covariate, label)], model.Model.Vocabulary)),
                .. ShellText.Option("--denominator", ConditionText.Write([(Covariate, other)], model.Model.Vocabulary)),
            ]));
        }
    }

    [Test]
    public void Columns_with_every_kind_of_letter()
    {
        Write("cells.csv", 200, Covariates, (row, column) => (row + (row / (2 + column))) % 2 == 0 ? "u" : "v");
        string list = string.Join(',', Covariates.Select(NameList.Quote));
        string[] train = ["train", "cells.csv", "-o", "m.flow", "--conditions", list, "--columns", "x,y", "--drop", "0", "--min-rows", "1", .. Tiny];
        ToolRun run = ToolRun.Of(train).Succeeds();
        string next = Next(run);
        Pasted(next);
        Pasted(next.Replace("-o ratios.csv", "-o kept.csv", StringComparison.Ordinal) + " --keep " + ShellText.Of(list));
        Assert.That(File.ReadLines("kept.csv").First(), Does.StartWith("row,\"cond, day\",-o,@x,"));
    }

    [Test]
    public void A_number_alone_can_be_compared()
    {
        Write("cells.csv", 200, ["dose"], (row, _) => (row % 3).ToString(CultureInfo.InvariantCulture));
        Pasted(Next(ToolRun.Of(["train", "cells.csv", "-o", "m.flow", "--continuous", "dose", "--columns", "x,y", .. Tiny]).Succeeds()));
    }

    [Test]
    public void A_pasted_command_replaces_no_file()
    {
        Write("ratios.csv", 200, ["cond"], (row, _) => row % 2 == 0 ? "u" : "v");
        byte[] data = File.ReadAllBytes("ratios.csv");
        Pasted(Next(ToolRun.Of(["train", "ratios.csv", "-o", "m.flow", "--conditions", "cond", "--columns", "x,y", .. Tiny]).Succeeds()));
        Assert.That(File.Exists("ratios-2.csv"), Is.True);
        Assert.That(File.ReadAllBytes("ratios.csv"), Is.EqualTo(data));
    }

    [Test]
    public void What_continues_and_what_a_page_repeats()
    {
        Write("-cells.csv", 200, ["-cond"], (row, _) => row % 2 == 0 ? "-u v" : "it's");
        string[] train = ["train", "-o", "m.flow", "--conditions=-cond", "--columns", "x,y", .. Tiny, "--", "-cells.csv"];
        using var source = new CancellationTokenSource();
        source.Cancel();
        ToolRun stopped = ToolRun.Of(source.Token, train);
        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.Error);
        Pasted(stopped.Error[stopped.Error.LastIndexOf("flowratio train", StringComparison.Ordinal)..]);
        Assert.That(File.Exists("m.flow"), Is.True);

        ToolRun.Of("ratio", "m.flow", "./-cells.csv", "--numerator=-cond=-u v", "--denominator=-cond=it's", "--raw", "--steps", "1", "-o", "o.csv", "--report", "p.html").Succeeds();
        string page = File.ReadAllText("p.html");
        File.Delete("o.csv");
        Pasted(WebUtility.HtmlDecode(Regex.Match(page, "flowratio ratio [^<]*").Value));
        Assert.That(File.Exists("o.csv"), Is.True);
    }

    [Test]
    public void The_line_that_converts_a_torch_file_names_it()
    {
        File.WriteAllBytes("it's $1.pt", [0x50, 0x4B, 0x03, 0x04, 0, 0]);
        string error = ToolRun.Of("import", "it's $1.pt", "-o", "m.flow").Error;
        string[] words = PastedCommand.Words(error[error.IndexOf("python3 -c", StringComparison.Ordinal)..].Replace("python3 -c", "flowratio", StringComparison.Ordinal));
        Assert.That(words[1..], Is.EqualTo(new[] { "it's $1.pt", "it's $1.safetensors" }));
        Assert.That(words[0], Does.StartWith("import sys, torch").And.Contain("save_file").And.EndWith("sys.argv[2])"));
    }

    private static string[] Tiny => ["--steps", "16", "--width", "16", "--layers", "1", "--batch", "64", "--threads", "1", "--raw"];

    private static string Next(ToolRun train) => train.Error[(train.Error.IndexOf("Next: ", StringComparison.Ordinal) + 6)..].TrimEnd();

    private static void Pasted(string command)
    {
        ToolRun run = ToolRun.Of(PastedCommand.Words(command));
        Assert.That(run.ExitCode, Is.Zero, command + run.Error);
    }

    private static void Write(string path, int rows, string[] columns, Func<int, int, string> label)
    {
        float[] noise = new RandomData(3).Normal(2 * rows);
        using var writer = new DelimitedWriter(path, [.. columns, "x", "y"]);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                writer.Write(label(row, column));
            }

            writer.Write(noise[2 * row]);
            writer.Write(noise[(2 * row) + 1]);
            writer.EndRow();
        }

        writer.Complete();
    }
}
