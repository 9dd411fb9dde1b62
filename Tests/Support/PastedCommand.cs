using System.Diagnostics;

namespace FlowRatio.Tests.Support;

/// <summary>Commands that the tool prints, pasted into a shell.</summary>
public static class PastedCommand
{
    /// <summary>The words after <c>flowratio</c> as bash reads them; skips the test, with a reason, where there is no bash.</summary>
    /// <param name="text">What is pasted.</param>
    public static string[] Words(string text)
    {
        Process shell;
        try
        {
            shell = Process.Start(new ProcessStartInfo("bash", ["-c", "flowratio() { printf '%s\\0' \"$@\"; }\n" + text]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no bash.");
            return [];
        }

        using (shell)
        {
            Task<string> error = shell.StandardError.ReadToEndAsync();
            string output = shell.StandardOutput.ReadToEnd();
            shell.WaitForExit();
            Assert.That((shell.ExitCode, error.Result), Is.EqualTo((0, string.Empty)), text);
            return output.Split('\0')[..^1];
        }
    }
}
