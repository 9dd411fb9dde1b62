using System.CommandLine;
using FlowRatio.Cli.Commands;
using FlowRatio.Cli.Terminal;
using FlowRatio.Commands.Applications;

namespace FlowRatio.Cli;

/// <summary>The tool <c>flowratio</c>: its commands, and how a command line becomes an exit code.</summary>
internal static class Tool
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after <c>flowratio</c>.</param>
    /// <param name="terminal">Where results and messages go.</param>
    /// <param name="cancellation">Cancelled when the user interrupts.</param>
    /// <returns>0 success, 1 failure, 2 bad arguments or data, 130 interrupted.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, ToolTerminal terminal, CancellationToken cancellation)
    {
        var debug = new Option<bool>("--debug") { Description = "Show the stack trace of an error.", Recursive = true };
        var failures = new ToolFailure(terminal, debug);
        var root = new RootCommand("Log density ratios of your own tables: train a flow once, then estimate log p(x | A) - log p(x | B) for every row.");
        root.Options.Add(debug);
        root.Subcommands.Add(TrainCommand.Create(terminal, failures));
        root.Subcommands.Add(RatioCommand.Create(terminal, failures));
        root.Subcommands.Add(DensityCommand.Create(terminal, failures));
        root.Subcommands.Add(SampleCommand.Create(terminal, failures));
        root.Subcommands.Add(InfoCommand.Create(terminal, failures));
        root.Subcommands.Add(ImportCommand.Create(terminal, failures));
        root.Subcommands.Add(DevicesCommand.Create(terminal, failures));
        foreach (Command application in ApplicationCommands.Create(new ToolHost(terminal, failures)))
        {
            root.Subcommands.Add(application);
        }

        ParseResult parsed = CommandLineParsing.Parse(root, args);
        if (parsed.Errors.Count > 0)
        {
            // The root's name is that of the program's file.
            string command = parsed.CommandResult.Command == root ? "flowratio" : $"flowratio {parsed.CommandResult.Command.Name}";
            terminal.Error($"{CommandLineParsing.Mistake(parsed)} See '{command} --help'.");
            return Task.FromResult(ToolFailure.BadArguments);
        }

        // Interruptions are handled by the tool itself: a training finishes its step and writes a checkpoint first.
        return parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Output.Profile.Out.Writer,
                Error = terminal.ErrorWriter,
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
            },
            cancellation);
    }
}
