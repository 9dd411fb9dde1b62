using System.CommandLine;

namespace FlowRatio.Commands.Applications;

/// <summary>The single-cell applications as commands: one definition for every program that has them.</summary>
internal static class ApplicationCommands
{
    /// <summary>All of them.</summary>
    /// <param name="host">The program.</param>
    public static IEnumerable<Command> Create(ICommandHost host) =>
        [AbundanceCommand.Create(host), BatchEffectCommand.Create(host), CombinationCommand.Create(host), ResponseCommand.Create(host)];
}
