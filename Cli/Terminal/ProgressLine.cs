using System.Diagnostics;

namespace FlowRatio.Cli.Terminal;

/// <summary>Progress on one line that is written over; where that is not possible, a new line now and then.</summary>
internal sealed class ProgressLine(TextWriter writer, bool isInteractive) : IDisposable
{
    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(20);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next = isInteractive ? TimeSpan.Zero : BetweenLines;
    private int written;

    /// <summary>Shows a text if it is time for one.</summary>
    /// <param name="text">Makes the text.</param>
    public void Report(Func<string> text)
    {
        if (clock.Elapsed < next)
        {
            return;
        }

        string line = text();
        if (isInteractive)
        {
            writer.Write($"\r{line.PadRight(written)}");
            written = line.Length;
            next = clock.Elapsed + BetweenUpdates;
        }
        else
        {
            writer.WriteLine(line);
            next = clock.Elapsed + BetweenLines;
        }
    }

    /// <summary>Done and remaining in words.</summary>
    /// <param name="done">Part that is done.</param>
    /// <param name="total">The whole.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="perSecond">Speed.</param>
    public static string Describe(double done, double total, string unit, double perSecond)
    {
        string remaining = perSecond > 0 && total >= done ? $", {Duration(TimeSpan.FromSeconds(Math.Min((total - done) / perSecond, 1e7)))} left" : string.Empty;
        return $"{done:#,0} of {total:#,0} {unit} ({(total > 0 ? 100 * done / total : 100):0} %), {perSecond:#,0} {unit}/s{remaining}";
    }

    /// <summary>A duration as one reads it.</summary>
    public static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : time.TotalSeconds >= 10 ? $"{time.TotalSeconds:0} s" : $"{time.TotalSeconds:0.0} s";

    /// <summary>Removes the line.</summary>
    public void Dispose()
    {
        if (written > 0)
        {
            writer.Write($"\r{string.Empty.PadRight(written)}\r");
        }
    }
}
