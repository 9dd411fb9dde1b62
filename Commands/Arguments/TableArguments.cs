using System.CommandLine;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Commands.Arguments;

/// <summary>How a table is read.</summary>
internal sealed class TableArguments
{
    private readonly Option<string> mark = CommandOptions.Word(
        "--decimal", ".", "Decimal mark of the numbers in a text file: . or , (0,37 is read with --decimal ,).");

    /// <summary>Adds the options to a command.</summary>
    public TableArguments(Command command) => command.Options.Add(mark);

    /// <summary>The options as they were typed, for a command that reads the same file.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) => Mark(parsed) == '.' ? [] : [mark.Name, $"{Mark(parsed)}"];

    /// <summary>Opens a table.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The file.</param>
    public TableFile Open(ParseResult parsed, string path)
    {
        try
        {
            return TableFile.Open(path, Mark(parsed));
        }
        catch (ArgumentException exception) when (exception.ParamName == "decimalMark")
        {
            throw new ArgumentException($"{mark.Name} is '{Mark(parsed)}': {exception.Message}", exception);
        }
    }

    private char Mark(ParseResult parsed) => parsed.GetRequiredValue(mark) is ("." or ",") and { Length: 1 } text
        ? text[0]
        : throw new ArgumentException($"{mark.Name} is '{parsed.GetRequiredValue(mark)}'; . or , is needed.");
}
