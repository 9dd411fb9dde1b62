using System.Diagnostics;
using FlowRatio.Cli;
using FlowRatio.Cli.Terminal;

namespace FlowRatio.Tests.Cli;

/// <summary>What a run of the tool left behind.</summary>
/// <param name="ExitCode">0 success, 1 failure, 2 bad arguments, 130 interrupted.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    // Longer than any command of the tests takes on a busy machine.
    private const int LimitMilliseconds = 180_000;

    /// <summary>Runs the tool in this process.</summary>
    public static ToolRun Of(params IReadOnlyList<string> arguments) => Of(CancellationToken.None, arguments);

    /// <summary>Runs the tool in this process, to be interrupted.</summary>
    public static ToolRun Of(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        using StringWriter output = new(), error = new();
        int code = Tool.RunAsync(arguments, new ToolTerminal(output, error, isInteractive: false), cancellation).GetAwaiter().GetResult();
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the built tool as a child.</summary>
    public static Process Start(params IEnumerable<string> arguments)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "FlowRatio.Cli.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Waits for a child.</summary>
    public static ToolRun Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("The command did not end.");
        }

        return new ToolRun(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Asserts success.</summary>
    public ToolRun Succeeds()
    {
        Assert.That(ExitCode, Is.Zero, Error);
        return this;
    }

    /// <summary>Asserts exit code 2, nothing on the output, and one sentence that contains all parts.</summary>
    public void Refuses(params string[] parts)
    {
        Assert.That(ExitCode, Is.EqualTo(2), Error + Output);
        Assert.That(Output, Is.Empty);
        Assert.That(Error, Does.Not.Contain("   at ").And.Not.Contain("Exception").And.Not.Contain("(Parameter"), "a sentence, not a stack trace");
        foreach (string part in parts)
        {
            Assert.That(Error, Does.Contain(part));
        }
    }
}
