using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training;
using Spectre.Console;

namespace FlowRatio.Benchmarks.Display;

/// <summary>Two progress bars for a grid, whatever its size: all cells, weighted by their work, and the stage that runs now.</summary>
public sealed class GridProgress
{
    // Trainings take most of a cell; the estimations after it share the rest.
    private const double TrainingShare = 0.85;

    private readonly ProgressTask all;
    private readonly ProgressTask stage;
    private readonly int count;
    private int number;
    private GridCell? current;

    private GridProgress(ProgressContext context, IReadOnlyCollection<GridCell> left, int count)
    {
        this.count = count;
        number = count - left.Count;
        all = context.AddTask("cells");
        all.MaxValue = Math.Max(1, left.Sum(cell => cell.Work));
        stage = context.AddTask("starting");
    }

    /// <summary>Runs work under the bars.</summary>
    /// <param name="left">Cells that are still to be filled.</param>
    /// <param name="count">Number of cells in all.</param>
    /// <param name="work">The work.</param>
    public static void Run(IReadOnlyCollection<GridCell> left, int count, Action<GridProgress> work) =>
        ProgressDisplay.Bars(areCleared: true).Start(context => work(new GridProgress(context, left, count)));

    /// <summary>A cell begins; returns what makes the progress of its stages.</summary>
    /// <param name="cell">The cell.</param>
    public Func<string, IStageProgress> Begin(GridCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        current = cell;
        number++;
        all.Description = $"cell {number} of {count}";
        double before = all.Value;
        int estimations = 0, trained = 0, trainings = cell.Trainings;
        return description =>
        {
            bool isTraining = description.StartsWith("training", StringComparison.Ordinal);
            int methods = Math.Max(1, cell.Options.Methods.Names.Count);
            double start = isTraining
                ? TrainingShare * Math.Min(trained++, trainings - 1) / trainings
                : TrainingShare + ((1 - TrainingShare) * Math.Min(estimations++, methods - 1) / methods);
            double share = isTraining ? TrainingShare / trainings : (1 - TrainingShare) / methods;
            stage.Value = 0;
            stage.MaxValue = 1;
            stage.Description = Markup.Escape($"{cell.Label}: {description}");
            return new Stage(this, before, start, share);
        };
    }

    /// <summary>A cell ended.</summary>
    /// <param name="doneBefore">Work of the cells that this run has ended, this one included.</param>
    public void End(double doneBefore)
    {
        current = null;
        all.Value = doneBefore;
    }

    private void Set(double before, double cellShare, double stageShare)
    {
        stage.Value = stageShare;
        all.Value = before + (cellShare * (current?.Work ?? 0));
    }

    private sealed class Stage(GridProgress owner, double before, double start, double share) : IStageProgress
    {
        public void Report(TrainingProgress value) => Set(value.Share);

        public void Report(TimeScoreProgress value) => Set((double)value.Step / value.Steps);

        public void Report(EstimationProgress value) => Set((double)value.PointsDone / Math.Max(1, value.PointsTotal));

        private void Set(double done) => owner.Set(before, start + (share * done), done);
    }
}
