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
    public static int Guard(Action command)
    {
        try
        {
            command();
            return 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FileNotFoundException or InvalidDataException or TableFormatException or DeviceUnavailableException)
        {
            return Report(FirstLine(exception), BadArguments);
        }
        catch (OperationCanceledException exception)
        {
            return Report(FirstLine(exception), Failed);
        }
        catch (Exception exception) when (exception is TrainingDivergedException or DeviceMemoryException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Report(FirstLine(exception), Failed);
        }
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();

    private static int Report(string message, int code)
    {
        Console.Error.WriteLine(message);
        return code;
    }
}
