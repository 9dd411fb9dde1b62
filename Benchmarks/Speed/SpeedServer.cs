using System.Text.Json;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// <c>speed --serve</c>: runs cases on request, so that a script can take turns with another library while both stay warm. Each line of
/// the input is one request, each line of the output its answer:
/// <list type="bullet">
/// <item><c>NAME REPETITIONS</c>: as many times in milliseconds; with 0 repetitions the case is only prepared and warmed up.</item>
/// <item><c>work NAME</c>: floating-point operations of one run.</item>
/// <item><c>list</c>: names of all cases.</item>
/// <item><c>machine</c>: where it runs, as JSON.</item>
/// </list>
/// A request that cannot be understood is answered by <c>error</c> and a message. The end of the input ends the program. Workers sleep
/// between requests.
/// </summary>
internal static class SpeedServer
{
    private const int WarmUpRuns = 3;

    /// <summary>Answers requests until the input ends.</summary>
    public static void Run(SpeedCatalog catalog, TextReader input, TextWriter output, CancellationToken cancellation)
    {
        using var backends = new SpeedBackends();
        var prepared = new Dictionary<string, ISpeedCase>(StringComparer.Ordinal);
        try
        {
            while (!cancellation.IsCancellationRequested && input.ReadLine() is { } line)
            {
                string answer;
                try
                {
                    answer = Answer(catalog, backends, prepared, line, cancellation);
                }
                catch (ArgumentException exception)
                {
                    answer = $"error {exception.Message.ReplaceLineEndings(" ")}";
                }

                output.WriteLine(answer);
                output.Flush();
            }
        }
        finally
        {
            foreach (ISpeedCase speedCase in prepared.Values)
            {
                speedCase.Dispose();
            }
        }
    }

    private static string Answer(
        SpeedCatalog catalog, SpeedBackends backends, Dictionary<string, ISpeedCase> prepared, string line, CancellationToken cancellation)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        switch (words)
        {
            case ["list"]:
                return string.Join(' ', catalog.Entries.Select(entry => entry.Name));
            case ["machine"]:
                return JsonSerializer.Serialize(MachineReport.Detect(backends[catalog.Threads]), JsonFile.OneLine);
            case ["work", var name]:
                return Prepare(catalog, backends, prepared, name).Work.Flop.ToString("R");
            case [var name, var count] when int.TryParse(count, out int repetitions) && repetitions >= 0:
                ISpeedCase speedCase = Prepare(catalog, backends, prepared, name);
                return string.Join(
                    ' ', SpeedMeasurement.Repeat(speedCase, repetitions, 1, cancellation).Milliseconds.Select(time => time.ToString("R")));
            default:
                throw new ArgumentException($"'{line}' is not a request; expected: NAME REPETITIONS, work NAME, list or machine.");
        }
    }

    private static ISpeedCase Prepare(
        SpeedCatalog catalog, SpeedBackends backends, Dictionary<string, ISpeedCase> prepared, string name)
    {
        if (!prepared.TryGetValue(name, out ISpeedCase? speedCase))
        {
            speedCase = catalog.Find(name).Create(backends);
            prepared.Add(name, speedCase);
            for (int i = 0; i < WarmUpRuns; i++)
            {
                speedCase.Run();
            }
        }

        return speedCase;
    }
}
