using FlowRatio.Engine.Models;
using FlowRatio.Reports;
using FlowRatio.Training.Data.AnnData;
using FlowRatio.Training.Data.Delimited;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>Writes a file again and again, each time whole and with the round's number in it, until it is done, killed, or out of room.</summary>
internal static class WriterHost
{
    /// <summary>Exit code where the disk is full.</summary>
    public const int NoRoom = 3;

    /// <summary>Rows of a table.</summary>
    public const int Rows = 20_000;

    /// <summary>Last line of a text.</summary>
    public const string End = "end";

    /// <summary>Name of the source of h5ad copies, beside the target.</summary>
    public const string Source = "source.h5ad";

    /// <summary>Runs.</summary>
    public static int Run(string kind, string path, int rounds)
    {
        try
        {
            for (int round = 0; round < rounds; round++)
            {
                Write(kind, path, round);
                Console.WriteLine(round);
            }

            return 0;
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // The second is .NET's word for a file that has reached the largest size allowed.
            Console.Error.WriteLine(exception.Message);
            return NoRoom;
        }
    }

    private static void Write(string kind, string path, int round)
    {
        switch (kind)
        {
            case "csv":
                using (var writer = new DelimitedWriter(path, ["row", "round"]))
                {
                    for (int r = 0; r < Rows; r++)
                    {
                        writer.Write((long)r);
                        writer.Write((long)round);
                        writer.EndRow();
                    }

                    writer.Complete();
                }

                break;
            case "safetensors":
                SafetensorsFile.Write(path, [SafetensorsTensor.Of("round", Enumerable.Repeat((float)round, Rows).ToArray(), Rows)]);
                break;
            case "text":
                WholeFile.Write(path, string.Concat(Enumerable.Repeat($"{round}\n", Rows)) + End);
                break;
            default:
                H5adCopy.Write(
                    Path.Combine(Path.GetDirectoryName(path)!, Source), path, [new NumberColumn("round", [.. Enumerable.Repeat((double)round, 6)])]);
                break;
        }
    }
}
