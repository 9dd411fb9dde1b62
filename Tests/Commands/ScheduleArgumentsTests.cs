using System.CommandLine;
using FlowRatio.Commands.Arguments;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Tests.Commands;

/// <summary>A schedule has the noise that was asked for, and no other.</summary>
public sealed class ScheduleArgumentsTests
{
    [TestCase("", 0, 0)]
    [TestCase("--schedule data-noise", 0.01, 0)]
    [TestCase("--schedule data-noise --sigma-min 0.3", 0.3, 0)]
    [TestCase("--schedule path-noise", 0, 0.1)]
    [TestCase("--schedule path-noise --path-noise 0.2 --sigma-min 0.3", 0.3, 0.2)]
    [TestCase("--schedule data-noise --path-noise 0.2", 0.01, 0.2)]
    public void Noise_is_that_of_the_options(string typed, double sigmaMin, double pathNoise)
    {
        PathSchedule schedule = Parse(typed);
        Assert.That((schedule.SigmaMin, schedule.PathNoise), Is.EqualTo((sigmaMin, pathNoise)));
    }

    [TestCase("--sigma-min 0.3", "--sigma-min is 0.3", "data-noise")]
    [TestCase("--path-noise 0.2 --schedule deterministic", "--path-noise is 0.2", "path-noise")]
    [TestCase("--sigma-min 0", "--sigma-min is 0", "data-noise")]
    public void A_schedule_without_noise_refuses_it(string typed, string option, string other) =>
        Assert.That(() => Parse(typed), Throws.ArgumentException.With.Message.Contains(option).And.Message.Contains($"--schedule {other}"));

    private static PathSchedule Parse(string typed)
    {
        var command = new Command("train");
        var arguments = new ScheduleArguments(command);
        return arguments.Schedule(command.Parse(typed));
    }
}
