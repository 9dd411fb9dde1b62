using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Models.Sections;

/// <summary>Path schedule in a model file.</summary>
internal sealed record ScheduleSection
{
    public required string Name { get; init; }

    public required double SigmaMin { get; init; }

    public required double PathNoise { get; init; }

    public static ScheduleSection Of(PathSchedule schedule) =>
        new() { Name = schedule.Name, SigmaMin = schedule.SigmaMin, PathNoise = schedule.PathNoise };

    public PathSchedule ToSchedule() => Name switch
    {
        "deterministic" => PathSchedule.Deterministic,
        "data-noise" => PathSchedule.NoiseAtData(SigmaMin),
        "path-noise" => PathSchedule.NoiseOnPath(PathNoise),
        "general" => PathSchedule.General(SigmaMin, PathNoise),
        _ => throw new InvalidDataException($"The schedule '{Name}' is unknown; there are: deterministic, data-noise, path-noise, general."),
    };
}
