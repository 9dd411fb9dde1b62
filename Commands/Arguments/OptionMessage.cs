using System.CommandLine;
using System.Text.RegularExpressions;

namespace FlowRatio.Commands.Arguments;

/// <summary>What the library says about a property, said about the option that was typed.</summary>
internal static partial class OptionMessage
{
    // Properties whose options have names of their own.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["BatchSize"] = "--batch",
        ["TargetReferences"] = "--references",
    };

    /// <summary>The message of an exception, with the option and its value in place of the property where the command has such an option.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="parsed">The command line.</param>
    public static string Of(ArgumentOutOfRangeException exception, ParseResult parsed)
    {
        // As the checks of .NET say it: LatestTime ('3') must be less than or equal to '1'.
        Match said = PropertyAndValue().Match(exception.Message);
        if (exception.ParamName is not { } property || !said.Success)
        {
            return exception.Message;
        }

        string name = Renamed.GetValueOrDefault(property) ?? "--" + Capital().Replace(property, "-$0").TrimStart('-').ToLowerInvariant();
        Option? option = parsed.CommandResult.Command.Options.FirstOrDefault(known => known.Name == name);

        // The value tells whether it is this option's, or that of something inside with the same name.
        return option is not null && Equals(parsed.GetResult(option)?.GetValueOrDefault<object?>(), exception.ActualValue)
            ? $"{name} is {said.Groups["value"].Value}; it {said.Groups["rule"].Value.Replace("'", string.Empty, StringComparison.Ordinal)}"
            : exception.Message;
    }

    [GeneratedRegex(@"\A\w+ \('(?<value>[^']*)'\) (?<rule>.+?\.)(?: \(Parameter|\s|\z)")]
    private static partial Regex PropertyAndValue();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
