using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Commands;
using Spectre.Console;

namespace FlowRatio.Cli.Terminal;

/// <summary>The tool as the shared commands see it.</summary>
internal sealed class ToolHost(ToolTerminal terminal, ToolFailure failures) : ICommandHost
{
    public string Invocation => "flowratio";

    public IAnsiConsole Output => terminal.Output;

    public void Note(string text) => terminal.Note(text);

    public Func<ParseResult, CancellationToken, Task<int>> Guard(Action<ParseResult, CancellationToken> command) => failures.Guard((parsed, cancellation) =>
    {
        command(parsed, cancellation);
        return 0;
    });

    public T Track<T>(Func<IProgress<ApplicationProgress>, T> work)
    {
        using ProgressLine line = terminal.StartProgress();
        return work(new Line(line));
    }

    private sealed class Line(ProgressLine line) : IProgress<ApplicationProgress>
    {
        public void Report(ApplicationProgress value) => line.Report(() => $"{value.Stage} ({100 * value.Share:0} %)");
    }
}
