using System.Diagnostics;
using System.Text.Json;

namespace FlowRatio.Tests.Support;

/// <summary>What a run of the command line left behind.</summary>
/// <param name="ExitCode">0 success, 1 failure, 2 bad arguments.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandLine(int ExitCode, string Output, string Error)
{
    // Longer than any command of the tests takes on a busy machine; it only keeps a hanging child from hanging the tests.
    private const int LimitMilliseconds = 120_000;

    /// <summary>Runs the built program as a child, as a user would.</summary>
    public static CommandLine Run(params IEnumerable<string> arguments)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "FlowRatio.Benchmarks.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The command did not end: {string.Join(' ', arguments)}");
        }

        return new CommandLine(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs it with a JSON file and reads that; commands that read a table say which coordinates they took, and nothing else is said.</summary>
    public static JsonElement Json(params IEnumerable<string> arguments)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("result.json");
        CommandLine run = Run([.. arguments, "--json", file]);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error.Trim(), Is.Empty.Or.Match(@"\A\w+(\.\w+)+: [\d,]+ (rows|cells), \d+ coordinates \(.*\)\.\z"));
        return JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file));
    }

    /// <summary>Asserts exit code 2, nothing on the output, and a message that contains all parts.</summary>
    public static void Refuses(IEnumerable<string> arguments, params string[] parts)
    {
        CommandLine run = Run(arguments);
        Assert.That(run.ExitCode, Is.EqualTo(2), run.Error);
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Not.Contain("   at "), "a message, not a stack trace");
        foreach (string part in parts)
        {
            Assert.That(run.Error, Does.Contain(part));
        }
    }
}
