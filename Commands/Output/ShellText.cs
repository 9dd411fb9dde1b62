using System.Text.RegularExpressions;

namespace FlowRatio.Commands.Output;

/// <summary>Commands as they can be typed into a shell (POSIX): what the shell would read otherwise stands in single quotes.</summary>
internal static partial class ShellText
{
    /// <summary>One word.</summary>
    public static string Of(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Words on one line.</summary>
    public static string Line(params IEnumerable<string> words) => string.Join(' ', words.Select(Of));

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=,@%+-]+\z")]
    private static partial Regex Plain();
}
