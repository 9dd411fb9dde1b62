using System.Diagnostics;
using System.Text;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>
/// Damaged files of every format. A few hundred each in a usual run; the environment variable FLOWRATIO_FUZZ sets another number, such as
/// 10000. Each is a function of its number, which a failure names.
/// </summary>
public sealed class FuzzTests
{
    private const string Variable = "FLOWRATIO_FUZZ";

    // No file takes a second; a machine under load may pause for longer.
    private const int SilenceMilliseconds = 120_000;

    private const string Table =
        "cell,group,x,y,flag,\"quoted, name\"\nc1,a,1.5,-2,True,\"x \"\"y\"\"\"\nc2,b,NA,3e-2,False,\"two\nlines\"\nc3,\"ü,v\",7,8,,z\nc4,a,0.25,1e3,True,\n";

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void Text_tables([Values("table.csv", "table.tsv", "table.csv.gz")] string name)
    {
        string text = name.EndsWith(".tsv", StringComparison.Ordinal) ? Table.Replace(',', '\t') : Table;
        using var sources = new TemporaryFolder();
        Run(sources.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? TemporaryFolder.Gzip(text) : Encoding.UTF8.GetBytes(text)));
    }

    [Test]
    public void Numpy_arrays([Values("f4.npy", "f8-fortran.npy", "version3.npy", "stored.npz", "deflated.npz", "zip64.npz")] string name) =>
        Run(TableFixture.PathOf(name));

    [Test]
    public void Tensors()
    {
        using var sources = new TemporaryFolder();
        string path = sources.File("model.safetensors");
        SafetensorsFile.Write(
            path,
            [SafetensorsTensor.Of("weight", [1f, 2, 3, 4, 5, 6], 2, 3), SafetensorsTensor.Of("step", [7L], 1), SafetensorsTensor.Of("loss", [0.5])],
            new Dictionary<string, string> { ["format"] = "pt", ["name"] = "ü" });
        Run(path);
    }

    [Test]
    public void Annotated_data([Values("cells.h5ad", "cells-old.h5ad", "types.h5ad", "latest.h5ad")] string name)
    {
        TableFixture.RequireHdf5();
        int count = Count(150), read = 0, refused = 0;
        string? limits = OperatingSystem.IsWindows() ? null : "ulimit -c 0; ulimit -v 12000000";
        using Process host = HostProcess.Start(limits, "fuzz", TableFixture.PathOf(name), "0", $"{count}", Path.GetDirectoryName(folder.File("a"))!);
        Task<string> error = host.StandardError.ReadToEndAsync();
        string number = "none";
        while (true)
        {
            Task<string?> next = host.StandardOutput.ReadLineAsync();
            if (!next.Wait(SilenceMilliseconds))
            {
                host.Kill();
                Assert.Fail($"Damage {number} of {name} hangs.");
            }

            if (next.Result is not { } line)
            {
                break;
            }

            read += line == FuzzHost.Read ? 1 : 0;
            refused += line == FuzzHost.Refused ? 1 : 0;
            number = line is FuzzHost.Read or FuzzHost.Refused ? number : line;
        }

        host.WaitForExit();
        Assert.That(host.ExitCode, Is.Zero, $"Damage {number} of {name}: {error.Result}");
        Assert.That(read + refused, Is.EqualTo(count));
        TestContext.Out.WriteLine($"{name}: {read} read, {refused} refused.");
    }

    private static int Count(int usual) => int.TryParse(Environment.GetEnvironmentVariable(Variable), out int count) ? count : usual;

    private void Run(string source)
    {
        int count = Count(400), read = 0;
        var target = new FuzzTarget(source, Path.GetDirectoryName(folder.File("a"))!);
        for (int number = 0; number < count; number++)
        {
            try
            {
                read += target.Check(number) ? 1 : 0;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Damage {number} of {Path.GetFileName(source)}: {exception.Message}", exception);
            }
        }

        TestContext.Out.WriteLine($"{Path.GetFileName(source)}: {read} read, {count - read} refused.");
        Assert.That(read, Is.InRange(1, count - 1), "some are read, some refused");
    }
}
