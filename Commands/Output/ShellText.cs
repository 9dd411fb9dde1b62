using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace FlowRatio.Commands.Output;

/// <summary>Commands as they can be typed into a shell (POSIX): what the shell would read otherwise stands in single quotes.</summary>
internal static partial class ShellText
{
    /// <summary>One word.</summary>
    public static string Of(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Words on one line.</summary>
    public static string Line(params IEnumerable<string> words) => string.Join(' ', words.Select(Of));

    /// <summary>The name of a file as an argument: one that begins with a dash would be read as an option.</summary>
    public static string File(string path) => path.StartsWith('-') ? $"./{path}" : path;

    /// <summary>An option and its value: one that begins with a dash must be joined to it.</summary>
    public static string[] Option(string name, string value) => value.StartsWith('-') ? [$"{name}={value}"] : [name, value];

    /// <summary>The words of a command as it can be typed again.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="added">An option to come behind the others; null for none.</param>
    /// <param name="omitted">Options to leave out, with their values.</param>
    public static string[] Words(ParseResult parsed, string? added, params IReadOnlyList<Option> omitted)
    {
        // By place and not by text: another option may have the same value.
        HashSet<Token> without = new(
            omitted.Select(parsed.GetResult).OfType<OptionResult>().SelectMany(result => result.Tokens.Prepend(result.IdentifierToken!)),
            ReferenceEqualityComparer.Instance);
        HashSet<Token> values = new(
            parsed.CommandResult.Children.OfType<OptionResult>().SelectMany(result => result.Tokens), ReferenceEqualityComparer.Instance);
        List<string> words = [];
        foreach (Token token in parsed.Tokens.Where(token => !without.Contains(token)))
        {
            if (values.Contains(token))
            {
                string[] option = Option(words[^1], token.Value);
                words.RemoveAt(words.Count - 1);
                words.AddRange(option);
            }
            else
            {
                words.Add(token.Value);
            }
        }

        // Words after a -- are no options.
        int rest = words.IndexOf("--");
        if (added is not null)
        {
            words.Insert(rest < 0 ? words.Count : rest, added);
        }

        return [.. words];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=,@%+-]+\z")]
    private static partial Regex Plain();
}
