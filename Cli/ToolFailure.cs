using System.CommandLine;
using System.Text.RegularExpressions;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Training;

namespace FlowRatio.Cli;

/// <summary>Turns exceptions into one sentence and an exit code.</summary>
internal sealed partial class ToolFailure(ToolTerminal terminal, Option<bool> debug)
{
    public const int Failed = 1;
    public const int BadArguments = 2;
    public const int Interrupted = 130;

    /// <summary>Makes an action of a command out of its work.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Guard(Func<ParseResult, CancellationToken, int> command) =>
        (parsed, cancellation) => Task.Run(() => Run(command, parsed, cancellation));

    private int Run(Func<ParseResult, CancellationToken, int> command, ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            return command(parsed, cancellation);
        }
        catch (Exception exception)
        {
            terminal.Error(Sentence(exception, parsed));
            if (parsed.GetValue(debug))
            {
                terminal.Note(exception.ToString());
            }

            return Code(exception);
        }
    }

    private static int Code(Exception exception) => exception switch
    {
        OperationCanceledException => Interrupted,
        ArgumentException or FileNotFoundException or DirectoryNotFoundException or InvalidDataException or FormatException or DeviceUnavailableException => BadArguments,
        _ => Failed,
    };

    private static string Sentence(Exception exception, ParseResult parsed)
    {
        string message = exception switch
        {
            OutOfMemoryException => "There is not enough memory; use fewer rows, a smaller --batch or --chunk.",
            OperationCanceledException when exception.Message.StartsWith("The operation", StringComparison.Ordinal) => "Interrupted; nothing was written.",
            ArgumentOutOfRangeException outOfRange => OptionMessage.Of(outOfRange, parsed),
            ArgumentException or IOException or InvalidDataException or FormatException or TrainingDivergedException or DeviceMemoryException
                or DeviceUnavailableException or UnauthorizedAccessException or InvalidOperationException or OperationCanceledException => exception.Message,
            _ => $"{exception.GetType().Name}: {exception.Message} (a defect of flowratio: --debug shows where)",
        };
        return ParameterName().Replace(message.ReplaceLineEndings(" "), string.Empty).Trim();
    }

    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex ParameterName();
}
