using FlowRatio.Applications;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>One bar for an application, with the stage it is in.</summary>
internal static class ApplicationProgressDisplay
{
    /// <summary>Runs work under the bar.</summary>
    /// <typeparam name="T">Result of the work.</typeparam>
    /// <param name="work">Gets the progress to report to.</param>
    public static T Run<T>(Func<IProgress<ApplicationProgress>, T> work) =>
        AnsiConsole.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn(),
                new ElapsedTimeColumn())
            .Start(context => work(new Bar(context.AddTask("reading", maxValue: 1))));

    private sealed class Bar(ProgressTask task) : IProgress<ApplicationProgress>
    {
        public void Report(ApplicationProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = value.Share;
        }
    }
}
