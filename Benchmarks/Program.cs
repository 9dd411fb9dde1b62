using System.CommandLine;
using FlowRatio.Benchmarks.Commands;
using FlowRatio.Benchmarks.Display;
using FlowRatio.Commands.Applications;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file has no width: keep tables from wrapping.
    AnsiConsole.Profile.Width = 140;
}

if (args is [MicroCommand.Name, .. string[] passedOn])
{
    return MicroCommand.Run(passedOn);
}

var root = new RootCommand("Experiments and measurements of FlowRatio.");
root.Subcommands.Add(GaussianCommand.Create());
root.Subcommands.Add(MutualInformationCommand.Create());
root.Subcommands.Add(TableCommand.Create());
foreach (Command application in ApplicationCommands.Create(new BenchmarkHost()))
{
    root.Subcommands.Add(application);
}

root.Subcommands.Add(ReproduceCommand.Create());
root.Subcommands.Add(AccuracyCommand.Create());
root.Subcommands.Add(StabilityCommand.Create());
root.Subcommands.Add(PrecisionCommand.Create());
root.Subcommands.Add(ScaleCommand.Create());
root.Subcommands.Add(GpuCommand.Create());
root.Subcommands.Add(SpeedCommand.Create());
root.Subcommands.Add(MicroCommand.Create());
ParseResult parsed = CommandLineParsing.Parse(root, args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(CommandLineParsing.Mistake(parsed)).ConfigureAwait(false);
    return CommandFailure.BadArguments;
}

return await parsed.InvokeAsync().ConfigureAwait(false);
