using System.CommandLine;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Commands.Arguments;

/// <summary>The path schedule. A schedule with noise may have the other's noise as well, where both are named; one without has none.</summary>
internal sealed class ScheduleArguments
{
    private const double DefaultSigmaMin = 0.01;
    private const double DefaultPathNoise = 0.1;
    private static readonly string[] Names = ["deterministic", "data-noise", "path-noise"];
    private readonly Option<string> schedule;
    private readonly Option<double?> sigmaMin = new("--sigma-min") { Description = $"Width of the noise at the data, with data-noise [{DefaultSigmaMin}], or with path-noise in addition [0]." };
    private readonly Option<double?> pathNoise = new("--path-noise") { Description = $"Variance constant of the noise on the path, with path-noise [{DefaultPathNoise}], or with data-noise in addition [0]." };

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
            "deterministic" when width is not null => throw WithoutNoise(sigmaMin, width.Value, "data-noise"),
            "deterministic" when noise is not null => throw WithoutNoise(pathNoise, noise.Value, "path-noise"),
            "deterministic" => PathSchedule.Deterministic,
            "data-noise" => PathSchedule.General(width ?? DefaultSigmaMin, noise ?? 0),
            "path-noise" => PathSchedule.General(width ?? 0, noise ?? DefaultPathNoise),
            _ => throw new ArgumentException($"--schedule: '{name}' is unknown; there are: {string.Join(", ", Names)}."),
        };
    }

    private static ArgumentException WithoutNoise(Option<double?> option, double value, string other) => new(
        $"{option.Name} is {value}, but --schedule deterministic has no noise; choose --schedule {other}, or leave {option.Name} out.");

    private static double? NonNegative(ParseResult parsed, Option<double?> option)
    {
        double? value = parsed.GetValue(option);
        return value is null || (double.IsFinite(value.Value) && value >= 0)
            ? value
            : throw new ArgumentException($"{option.Name} is {value}; a non-negative number is needed.");
    }
}
