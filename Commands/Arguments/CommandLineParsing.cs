using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowRatio.Commands.Arguments;

/// <summary>
/// Parses command lines: numbers as they are written in every country, names that begin with @ as they are, and mistakes in words of the user.
/// </summary>
internal static class CommandLineParsing
{
    private const string Whole = "a whole number";
    private const string Real = "a number";

    // A name may begin with @, which would else be the name of a file with more arguments.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>Parses a command line.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="args">The words.</param>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args)
    {
        foreach (Option option in root.Subcommands.SelectMany(command => command.Options).Concat(root.Options))
        {
            TakeNumbers(option);
        }

        return root.Parse(args, Configuration);
    }

    /// <summary>The first mistake of a command line that could not be parsed, as a sentence.</summary>
    /// <param name="parsed">The command line.</param>
    public static string Mistake(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string word = parsed.UnmatchedTokens[0];
            if (word.StartsWith('-') && word.Length > 1)
            {
                string option = word.Split('=')[0];
                string[] near = NearestName.Near(option, [.. command.Options.Select(known => known.Name)]);
                return $"There is no option '{option}'{(near.Length == 0 ? string.Empty : $"; did you mean {string.Join(" or ", near)}?")}";
            }

            if (command is RootCommand)
            {
                return $"There is no command '{word}'; {NearestName.Suggest(word, [.. command.Subcommands.Select(known => known.Name)])}.";
            }

            return $"'{word}' is one word too many: there is no argument for it.";
        }

        return parsed.Errors[0].Message;
    }

    private static void TakeNumbers(Option option)
    {
        switch (option)
        {
            case Option<int> whole:
                whole.CustomParser = result => Number(result, option, Whole, int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value), value);
                break;
            case Option<int?> whole:
                whole.CustomParser = result => Number<int?>(result, option, Whole, int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value), value);
                break;
            case Option<long> whole:
                whole.CustomParser = result => Number(result, option, Whole, long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value), value);
                break;
            case Option<double> real:
                real.CustomParser = result => Number(result, option, Real, double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value), value);
                break;
            case Option<double?> real:
                real.CustomParser = result => Number<double?>(result, option, Real, double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value), value);
                break;
        }
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;

    private static T Number<T>(ArgumentResult result, Option option, string kind, bool isRead, T value)
    {
        if (!isRead)
        {
            string text = Text(result);
            bool isLarge = kind == Whole && text.Length > 0 && text.TrimStart('-', '+').All(char.IsAsciiDigit);
            result.AddError($"{option.Name} is '{text}'; {(isLarge ? "a smaller number" : kind)} is needed.");
        }

        return value;
    }
}
