using System.CommandLine;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Cli.Arguments;

/// <summary>The path schedule.</summary>
internal sealed class ScheduleArguments
{
    private const double DefaultSigmaMin = 0.01;
    private const double DefaultPathNoise = 0.1;
    private static readonly string[] Names = ["deterministic", "data-noise", "path-noise"];
    private readonly Option<string> schedule;
    private readonly Option<double?> sigmaMin = new("--sigma-min") { Description = $"Width of the noise at the data, with data-noise [{DefaultSigmaMin}]." };
    private readonly Option<double?> pathNoise = new("--path-noise") { Description = $"Variance constant of the noise on the path, with path-noise [{DefaultPathNoise}]." };

    public ScheduleArguments(Command command)
    {
        schedule = CommandOptions.Word("--schedule", Names[0], $"Path schedule: {string.Join(", ", Names)}.");
        schedule.CompletionSources.Add(Names);
        command.Options.Add(schedule);
        command.Options.Add(sigmaMin);
        command.Options.Add(pathNoise);
    }

    public PathSchedule Schedule(ParseResult parsed)
    {
        double? width = NonNegative(parsed, sigmaMin), noise = NonNegative(parsed, pathNoise);
        string name = parsed.GetRequiredValue(schedule);
        return name switch
        {
            "deterministic" when width is null && noise is null => PathSchedule.Deterministic,
            "deterministic" => PathSchedule.General(width ?? 0, noise ?? 0),
            "data-noise" => PathSchedule.General(width ?? DefaultSigmaMin, noise ?? 0),
            "path-noise" => PathSchedule.General(width ?? 0, noise ?? DefaultPathNoise),
            _ => throw new ArgumentException($"--schedule: '{name}' is unknown; there are: {string.Join(", ", Names)}."),
        };
    }

    private static double? NonNegative(ParseResult parsed, Option<double?> option)
    {
        double? value = parsed.GetValue(option);
        return value is null || (double.IsFinite(value.Value) && value >= 0)
            ? value
            : throw new ArgumentException($"{option.Name} is {value}; a non-negative number is needed.");
    }
}
