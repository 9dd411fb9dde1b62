using System.CommandLine;
using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Training;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Benchmarks.Commands;

/// <summary>Exit codes of the commands: 0 success, 1 failure, 2 bad arguments; messages go to stderr.</summary>
internal static class CommandFailure
{
    public const int Failed = 1;
    public const int BadArguments = 2;

    /// <summary>Runs a command and turns its exceptions into a message and an exit code.</summary>
    /// <param name="parsed">The command line, whose options messages name.</param>
    /// <param name="command">The command.</param>
    public static int Guard(ParseResult parsed, Action command)
    {
        try
        {
            command();
            return 0;
        }
        catch (ArgumentOutOfRangeException exception)
        {
            return Report(FirstLine(OptionMessage.Of(exception, parsed)), BadArguments);
        }
        catch (Exception exception) when (exception is ArgumentException or FileNotFoundException or InvalidDataException or TableFormatException or DeviceUnavailableException)
        {
            return Report(FirstLine(exception.Message), BadArguments);
        }
        catch (OperationCanceledException exception)
        {
            return Report(FirstLine(exception.Message), Failed);
        }
        catch (Exception exception) when (exception is TrainingDivergedException or DeviceMemoryException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Report(FirstLine(exception.Message), Failed);
        }
    }

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();

    private static int Report(string message, int code)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
