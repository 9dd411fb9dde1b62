using System.Diagnostics;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>Files that are written are whole or as they were before, on a full disk and when the process is killed.</summary>
[Platform("Linux,MacOsX")]
public sealed class WholeOutputTests
{
    private const int Kills = 6;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder()
    {
        folder = new TemporaryFolder();
        folder.Write(WriterHost.Source, File.ReadAllBytes(TableFixture.PathOf("cells.h5ad")));
    }

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    // The h5ad file has 118 kB: at 60 the copying fails, at 119 the library's writing.
    [TestCase("csv", 60)]
    [TestCase("text", 30)]
    [TestCase("safetensors", 60)]
    [TestCase("h5ad", 60)]
    [TestCase("h5ad", 119)]
    public void A_full_disk_leaves_what_was_there(string kind, int kilobytes)
    {
        Require(kind);
        string path = folder.Write($"out.{kind}", "before");

        // The signal would end the process; ignored, the write fails as on a full disk.
        using Process host = HostProcess.Start($"trap '' XFSZ; ulimit -f {kilobytes}", "write", kind, path, "1");
        Task<string> error = host.StandardError.ReadToEndAsync();
        host.WaitForExit();
        Assert.That(host.ExitCode, Is.EqualTo(WriterHost.NoRoom), error.Result);
        Assert.That(error.Result, Is.Not.Empty);
        Assert.That(File.ReadAllText(path), Is.EqualTo("before"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(2), "nothing is left beside it");
    }

    [TestCase("csv")]
    [TestCase("text")]
    [TestCase("safetensors")]
    [TestCase("h5ad")]
    public void A_killed_process_leaves_a_whole_file(string kind)
    {
        Require(kind);
        string path = folder.File($"out.{kind}");
        var random = new Random(7);
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process host = HostProcess.Start(null, "write", kind, path, $"{int.MaxValue}");
            Assert.That(host.StandardOutput.ReadLine(), Is.EqualTo("0"), "one round is done");
            Thread.Sleep(random.Next(60));
            host.Kill();
            host.WaitForExit();
            RequireWhole(kind, path);
        }
    }

    private static void Require(string kind)
    {
        if (kind == "h5ad")
        {
            TableFixture.RequireHdf5();
        }
    }

    private static void RequireWhole(string kind, string path)
    {
        if (kind == "safetensors")
        {
            float[] values = SafetensorsFile.Read(path)["round"].ToSingle();
            Assert.That(values, Has.Length.EqualTo(WriterHost.Rows));
            Assert.That(values.Distinct().Count(), Is.EqualTo(1), "of one round");
            return;
        }

        if (kind == "text")
        {
            string[] lines = File.ReadAllLines(path);
            Assert.That(lines, Has.Length.EqualTo(WriterHost.Rows + 1));
            Assert.That(lines[..^1].Distinct().Count(), Is.EqualTo(1), "of one round");
            Assert.That(lines[^1], Is.EqualTo(WriterHost.End));
            return;
        }

        using var table = TableFile.Open(path);
        ReadOnlySpan<double> rounds = ((NumberColumn)table.ReadColumn("round")).Values;
        Assert.That(rounds.Length, Is.EqualTo(kind == "csv" ? WriterHost.Rows : 6));
        Assert.That(rounds.ToArray().Distinct().Count(), Is.EqualTo(1), "of one round");
    }
}
