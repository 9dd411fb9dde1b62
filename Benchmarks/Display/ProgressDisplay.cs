using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>Progress bars with remaining time for a training and the estimations after it.</summary>
public static class ProgressDisplay
{
    /// <summary>Runs work under progress bars.</summary>
    /// <typeparam name="T">Result of the work.</typeparam>
    /// <param name="work">Gets a factory of bars.</param>
    public static T Run<T>(Func<Func<string, ProgressBar>, T> work) =>
        Bars(areCleared: false).Start(context => work(description => new ProgressBar(context.AddTask(Markup.Escape(description)))));

    /// <summary>Bars as this program draws them: description, bar, percentage, remaining and elapsed time.</summary>
    /// <param name="areCleared">Whether they disappear at the end.</param>
    public static Progress Bars(bool areCleared) =>
        AnsiConsole.Progress()
            .AutoClear(areCleared)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn(),
                new ElapsedTimeColumn());

    /// <summary>One bar; it understands the reports of training and estimation.</summary>
    /// <param name="task">The console's bar.</param>
    public sealed class ProgressBar(ProgressTask task) : IStageProgress
    {
        private readonly string description = task.Description;

        /// <inheritdoc/>
        public void Report(TrainingProgress value)
        {
            task.Description = value.Pilot is { } pilot
                ? Markup.Escape($"choosing a base: {pilot}")
                : $"training, loss {value.Loss.Total:F4}"
                    + (value.Validation is { } validation ? $" (held out {validation.Total:F4})" : string.Empty);
            Set(value.Share, 1);
        }

        /// <inheritdoc/>
        public void Report(TimeScoreProgress value)
        {
            task.Description = Markup.Escape($"{description}, loss {value.Loss:F4}");
            Set(value.Step, value.Steps);
        }

        /// <inheritdoc/>
        public void Report(EstimationProgress value) => Set(value.PointsDone, value.PointsTotal);

        private void Set(double done, double total)
        {
            task.MaxValue = total;
            task.Value = done;
        }
    }
}
