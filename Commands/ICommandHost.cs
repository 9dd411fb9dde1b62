using System.CommandLine;
using FlowRatio.Applications;
using Spectre.Console;

namespace FlowRatio.Commands;

/// <summary>The program that a shared command runs in.</summary>
internal interface ICommandHost
{
    /// <summary>How the program is started in a shell, for the pages' "as it can be typed again".</summary>
    string Invocation { get; }

    /// <summary>Where results go.</summary>
    IAnsiConsole Output { get; }

    /// <summary>Says something that is no result, beside the output.</summary>
    /// <param name="text">A sentence.</param>
    void Note(string text);

    /// <summary>Makes an action of a command out of its work: exceptions become a message and an exit code.</summary>
    /// <param name="command">The work; what it throws decides the exit code, 0 without.</param>
    Func<ParseResult, CancellationToken, Task<int>> Guard(Action<ParseResult, CancellationToken> command);

    /// <summary>Runs work and shows how far it is.</summary>
    /// <typeparam name="T">Result of the work.</typeparam>
    /// <param name="work">Gets the progress to report to.</param>
    T Track<T>(Func<IProgress<ApplicationProgress>, T> work);
}
