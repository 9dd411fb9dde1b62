using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Benchmarks.Commands;
using FlowRatio.Commands;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>This program as the shared commands see it: a bar on the console, with the stage that an application is in.</summary>
internal sealed class BenchmarkHost : ICommandHost
{
    /// <summary>How the program is started from a clone.</summary>
    public const string Start = "dotnet run -c Release --project Benchmarks --";

    /// <inheritdoc/>
    public string Invocation => Start;

    /// <inheritdoc/>
    public IAnsiConsole Output => AnsiConsole.Console;

    /// <inheritdoc/>
    public void Note(string text) => Console.Error.WriteLine(text);

    /// <inheritdoc/>
    public Func<ParseResult, CancellationToken, Task<int>> Guard(Action<ParseResult, CancellationToken> command) =>
        (parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () => command(parsed, cancellation)));

    /// <inheritdoc/>
    public T Track<T>(Func<IProgress<ApplicationProgress>, T> work) =>
        ProgressDisplay.Bars(areCleared: false).Start(context => work(new Bar(context.AddTask("reading", maxValue: 1))));

    private sealed class Bar(ProgressTask task) : IProgress<ApplicationProgress>
    {
        public void Report(ApplicationProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = value.Share;
        }
    }
}
