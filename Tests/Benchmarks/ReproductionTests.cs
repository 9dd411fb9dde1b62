using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>Grids that are filled cell by cell, stopped anywhere, and gone on with.</summary>
public sealed class ReproductionTests
{
    private static readonly ReproductionGrid Grid = new(
        "gaussian",
        [2, 5],
        [1],
        [.. ReproductionGrid.PublishedSchedules.Take(2)],
        2,
        new ExperimentOptions { Methods = MethodSelection.Parse("s1,s3,tsm") },
        "cpu");

    private TemporaryFolder folder = null!;

    private string Path => folder.File("cells");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void A_cell_is_one_training()
    {
        IReadOnlyList<GridCell> cells = Grid.Cells();

        // Two dimensions, two repetitions; the flow once per schedule, the baseline once.
        Assert.That(cells, Has.Count.EqualTo(2 * 2 * 3));
        Assert.That(cells.Select(cell => cell.FileName), Is.Unique);
        Assert.That(cells.Where(cell => cell.Schedule is null).Select(cell => cell.Options.Methods.Names), Has.All.EqualTo(new[] { "tsm" }));
        Assert.That(cells.Where(cell => cell.Schedule is not null).Select(cell => cell.Options.Methods.Names), Has.All.EqualTo(new[] { "s1", "s3" }));
        Assert.That(cells.Take(6).Select(cell => cell.Repetition), Has.All.EqualTo(1), "a whole grid before the next repetition");
    }

    [Test]
    public void The_classifier_has_a_cell_of_its_own()
    {
        ReproductionGrid grid = Grid with { Options = Grid.Options with { Methods = MethodSelection.Parse("s3,classifier") } };
        Assert.That(grid.Cells(), Has.Count.EqualTo(2 * 2 * 3));
        Assert.That(
            grid.Cells().Where(cell => cell.Schedule is null).Select(cell => (cell.Options.Methods.Names.Single(), cell.Trainings)),
            Has.All.EqualTo(("classifier", 2)), "two widths");
    }

    [Test]
    public void What_differs_from_the_publication_names_the_base()
    {
        string summary = ProtocolNotes.Summary(Grid with { Options = Grid.Options with { Training = new TrainingOptions { Base = new BaseChoice(BaseKind.Auto) } } });
        Assert.That(summary, Does.Contain("base auto (published none)").And.Contain("noise in pairs of opposite sign (published independent)"));
    }

    [Test]
    public void The_seed_of_a_cell_is_1000_times_the_grids_plus_the_repetition()
    {
        Assert.That(ReproductionGrid.CellSeed(7, 3), Is.EqualTo(7003));
        Assert.That(Grid.Cells().Select(cell => cell.Options.Seed).Distinct(), Is.EqualTo(new ulong[] { 1001, 1002 }));
        Assert.That(Grid.Cells(), Has.All.Matches<GridCell>(
            cell => cell.Options.Training.Seed == cell.Options.Seed && cell.Options.Estimation.Seed == cell.Options.Seed));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReproductionGrid.CellSeed(1, 1000));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReproductionGrid.CellSeed(1, 0));
    }

    [Test]
    public void A_second_run_finds_everything_and_runs_nothing()
    {
        Assert.That(Fill(Grid), Has.Count.EqualTo(12));
        Assert.That(Fill(Grid), Is.Empty);
    }

    [Test]
    public void What_a_run_reads_is_what_the_other_wrote()
    {
        using var cells = new CellFolder(Path);
        GridCell cell = Grid.Cells()[0];
        ExperimentReport report = Report(cell) with
        {
            Methods = [new MethodReport
            {
                Name = "s3",
                Mse = 0.1,
                StdError = double.NaN,
                Scatter = [new(1, double.NaN), new(-2, -2.5)],
                ErrorByTruth = [new(1, 2, 3, 4)],
                Work = [new(10, 40, 1e-4, 0.2)],
            }],
        };
        cells.Keep(cell, report);
        ExperimentReport read = cells.Find(cell)!;
        MethodReport method = read.Methods[0];
        Assert.That(method.Mse, Is.EqualTo(0.1));
        Assert.That(method.StdError, Is.NaN);
        Assert.That(method.Scatter, Is.EqualTo(report.Methods[0].Scatter));
        Assert.That(method.ErrorByTruth, Is.EqualTo(report.Methods[0].ErrorByTruth));
        Assert.That(method.Work, Is.EqualTo(report.Methods[0].Work));
        Assert.That(read.Train.Curve, Is.EqualTo(report.Train.Curve));
    }

    [Test]
    public void A_changed_option_of_the_flow_repeats_the_flow_alone()
    {
        Fill(Grid);
        List<GridCell> repeated = Fill(Grid with { Options = Grid.Options with { Training = Grid.Options.Training with { Steps = 7 } } });
        Assert.That(repeated, Has.Count.EqualTo(8));
        Assert.That(repeated, Has.All.Matches<GridCell>(cell => cell.Schedule is not null));

        // The cells with the old options are still there.
        Assert.That(Fill(Grid), Is.Empty);
    }

    [Test]
    public void A_changed_option_of_the_baselines_repeats_the_baselines_alone()
    {
        Fill(Grid);
        List<GridCell> repeated = Fill(Grid with { Options = Grid.Options with { TimeScores = Grid.Options.TimeScores with { PathVariance = 3 } } });
        Assert.That(repeated, Has.Count.EqualTo(4));
        Assert.That(repeated, Has.All.Matches<GridCell>(cell => cell.Schedule is null));
    }

    [Test]
    public void Every_option_that_decides_a_result_makes_another_cell()
    {
        ExperimentOptions options = Grid.Options;
        ReproductionGrid[] others =
        [
            Grid with { Options = options with { Seed = 2 } },
            Grid with { Options = options with { TrainPoints = 100 } },
            Grid with { Options = options with { TestPoints = 100 } },
            Grid with { Options = options with { Methods = MethodSelection.Parse("s1,tsm") } },
            Grid with { Options = options with { Estimation = options.Estimation with { Steps = 3 } } },
            Grid with { Options = options with { WorkSteps = [1] } },
            Grid with { Options = options with { ScatterPoints = 1 } },
            Grid with { Options = options with { Training = options.Training with { BatchSize = 3 } } },
            Grid with { Options = options with { Training = options.Training with { AverageDecay = 0 } } },
            Grid with { Difficulties = [1.5] },
            Grid with { Device = "cuda" },
            Grid with { IsPaper = true },
        ];
        string[] names = [.. others.Prepend(Grid).Select(grid => grid.Cells()[0].FileName)];
        Assert.That(names, Is.Unique);
    }

    [Test]
    public void A_cell_whose_content_has_other_options_than_its_name_says_is_not_used()
    {
        Fill(Grid);
        IReadOnlyList<GridCell> cells = Grid.Cells();
        File.Copy(CellFile(cells[3]), CellFile(cells[0]), overwrite: true);
        Assert.That(Fill(Grid).Single().Identity, Is.EqualTo(cells[0].Identity));
    }

    [Test]
    public void A_file_cut_anywhere_is_filled_again([Values(0, 1, 100, 400, -1)] int length)
    {
        Fill(Grid);
        GridCell cell = Grid.Cells()[5];
        string text = File.ReadAllText(CellFile(cell));
        File.WriteAllText(CellFile(cell), length >= 0 ? text[..length] : text[..^3]);
        Assert.That(Fill(Grid).Single().FileName, Is.EqualTo(cell.FileName));
        Assert.That(Fill(Grid), Is.Empty);
    }

    [Test]
    public void What_was_being_written_when_a_run_ended_is_removed_and_filled_again()
    {
        Directory.CreateDirectory(Path);
        GridCell cell = Grid.Cells()[0];
        File.WriteAllText(CellFile(cell) + ".partial", "{ \"cell\": { \"form");
        Assert.That(Fill(Grid), Has.Count.EqualTo(12));
        Assert.That(Directory.GetFiles(Path, "*.partial"), Is.Empty);
    }

    [Test]
    public void A_run_stopped_at_any_cell_goes_on_from_there([Range(0, 12)] int stopAt)
    {
        using var stop = new CancellationTokenSource();
        List<GridCell> before = [];
        using (var cells = new CellFolder(Path))
        {
            var run = new GridRun(Grid.Cells(), cells, (cell, token) =>
            {
                if (before.Count == stopAt)
                {
                    // As Ctrl-C in the middle of a training.
                    stop.Cancel();
                    token.ThrowIfCancellationRequested();
                }

                before.Add(cell);
                return Report(cell);
            });
            run.Resume();
            if (stopAt < 12)
            {
                Assert.Throws<OperationCanceledException>(() => run.Run(_ => { }, stop.Token));
            }
            else
            {
                run.Run(_ => { }, stop.Token);
            }

            Assert.That(run.Results, Has.Count.EqualTo(stopAt));
        }

        List<GridCell> after = Fill(Grid);
        Assert.That(
            before.Concat(after).Select(cell => cell.FileName), Is.EqualTo(Grid.Cells().Select(cell => cell.FileName)), "each cell once");
    }

    [Test]
    public void A_cell_that_fails_costs_no_other_and_is_tried_again()
    {
        GridCell bad = Grid.Cells()[2];
        using (var cells = new CellFolder(Path))
        {
            var run = new GridRun(Grid.Cells(), cells, (cell, _) =>
                cell.Identity == bad.Identity ? throw new TrainingDivergedException("loss is not finite\nat step 3") : Report(cell));
            run.Resume();
            run.Run(_ => { }, default);
            Assert.That(run.Results, Has.Count.EqualTo(11));
            Assert.That(run.Failures.Single().Reason, Is.EqualTo("loss is not finite"));
        }

        Assert.That(Fill(Grid).Single().Identity, Is.EqualTo(bad.Identity));
    }

    [Test]
    public void Two_runs_cannot_work_in_one_folder()
    {
        using var first = new CellFolder(Path);
        IOException exception = Assert.Throws<IOException>(() => _ = new CellFolder(Path))!;
        Assert.That(exception.Message, Does.Contain("Another run").And.Contain(Path));
    }

    [Test]
    public void Rows_are_means_with_standard_errors_over_repetitions()
    {
        GridCell[] cells = [.. Grid.Cells().Where(cell => cell.Task.Dimension == 2 && cell.Schedule is null)];
        IReadOnlyList<GridRow> rows = GridSummary.Of(
            [new CellResult(cells[0], Report(cells[0], 1)), new CellResult(cells[1], Report(cells[1], 4))]);
        Assert.That(rows, Has.Count.EqualTo(1));
        Assert.That(rows[0].Repetitions, Is.EqualTo(2));
        Assert.That(rows[0].Mse.Mean, Is.EqualTo(2.5));

        // Sample variance 4.5 over two values.
        Assert.That(rows[0].Mse.StandardError, Is.EqualTo(1.5).Within(1e-15));
        GridRow single = GridSummary.Of([new CellResult(cells[0], Report(cells[0], 1))])[0];
        Assert.That(single.Mse, Is.EqualTo(new MeanError(1, 0.25)), "of one repetition, the error over its test points");
    }

    private static ExperimentReport Report(GridCell cell, double mse = 0.5) => new(
        cell.Experiment,
        cell.Options.Reported,
        "cpu",
        new TrainReport(10, 1.5, 2, 2.5, 100) { Curve = [new CurvePoint(5, 3), new CurvePoint(10, 2, 2.5)] },
        [.. cell.Options.Methods.Names.Select(name => new MethodReport { Name = name, Mse = mse, StdError = 0.25, Seconds = 1, Evaluations = 40 })],
        new Dictionary<string, object?> { ["mean"] = 0.0 });

    private string CellFile(GridCell cell) => System.IO.Path.Combine(Path, cell.FileName);

    /// <summary>Runs a grid to its end; returns the cells that were filled.</summary>
    private List<GridCell> Fill(ReproductionGrid grid)
    {
        List<GridCell> filled = [];
        using var cells = new CellFolder(Path);
        var run = new GridRun(grid.Cells(), cells, (cell, _) =>
        {
            filled.Add(cell);
            return Report(cell);
        });
        IReadOnlyList<GridCell> left = run.Resume();
        run.Run(_ => { }, default);
        Assert.That(filled, Is.EqualTo(left));
        Assert.That(run.Results, Has.Count.EqualTo(run.Count));
        return filled;
    }
}
