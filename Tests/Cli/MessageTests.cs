using FlowRatio.Tests.Commands;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>What the tool says about mistakes: the option that was typed, its value, and the same exit code with or without a stack trace.</summary>
public sealed class MessageTests
{
    private TemporaryFolder folder = null!;
    private string data = null!;

    [OneTimeSetUp]
    public void WriteTable()
    {
        folder = new TemporaryFolder();
        data = SmallTable.Write(folder);
    }

    [OneTimeTearDown]
    public void DeleteTable() => folder.Dispose();

    [Test]
    public void A_stack_trace_changes_no_exit_code()
    {
        string[] words = ["train", folder.File("none.csv"), "-o", folder.File("m.flow"), "--conditions", "group"];
        ToolRun plain = ToolRun.Of(words);
        plain.Refuses("none.csv");
        ToolRun traced = ToolRun.Of([.. words, "--debug"]);
        Assert.That(traced.ExitCode, Is.EqualTo(2));
        Assert.That(traced.Error, Does.StartWith(plain.Error).And.Contain("FileNotFoundException").And.Contain("   at "));
    }

    [Test]
    public void Without_a_command_the_help_of_all_is_named()
    {
        ToolRun.Of().Refuses("See 'flowratio --help'.");
        ToolRun.Of("ratio", "m.flow").Refuses("See 'flowratio ratio --help'.");
    }

    [TestCase("trian", "train")]
    [TestCase("ration", "ratio")]
    [TestCase("batch_effect", "batch-effect")]
    public void A_mistyped_command_is_asked_about(string typed, string meant) =>
        ToolRun.Of(typed, "x").Refuses($"There is no command '{typed}'; did you mean '{meant}'", "See 'flowratio --help'.");

    [Test]
    public void A_mistyped_option_is_asked_about()
    {
        ToolRun.Of("train", data, "-o", folder.File("m.flow"), "--conditions", "group", "--stpes", "3").Refuses("There is no option '--stpes'", "did you mean --steps?");
        ToolRun.Of("info", "a", "b").Refuses("'b' is one word too many");
    }

    [TestCase("--steps", "abc", "a whole number is needed.")]
    [TestCase("--steps", "1e3", "a whole number is needed.")]
    [TestCase("--steps", "99999999999", "a smaller number is needed.")]
    [TestCase("--seed", "x", "a whole number is needed.")]
    [TestCase("--pca", "two", "a whole number is needed.")]
    [TestCase("--learning-rate", "fast", "a number is needed.")]
    [TestCase("--learning-rate", "0,001", "a number is needed.")]
    public void A_number_that_is_none_is_named_without_types(string option, string value, string rule)
    {
        ToolRun run = ToolRun.Of("train", data, "-o", folder.File("m.flow"), "--conditions", "group", option, value);
        run.Refuses($"{option} is '{value}'; {rule}");
        Assert.That(run.Error, Does.Not.Contain("System."));
    }

    [TestCase("--tolerance", "small")]
    [TestCase("--implied-score", "half")]
    public void Of_an_estimation_as_well(string option, string value) =>
        ToolRun.Of("ratio", "m.flow", data, "--numerator", "a=b", "--denominator", "a=c", "-o", "o.csv", option, value).Refuses($"{option} is '{value}'; a number is needed.");

    [TestCase("--latest-time", "3", "less than or equal to 1.")]
    [TestCase("--batch", "2000000", "less than or equal to 1048576.")]
    public void A_number_out_of_range_is_that_of_its_option(string option, string value, string rule) =>
        SmallTable.Train(data, folder.File("m.flow"), option, value).Refuses($"{option} is {value}; it must be {rule}");

    [TestCase("--whitening", "0.0001", "greater than or equal to 0.001.")]
    [TestCase("--condition-scale", "0", "a non-negative and non-zero value.")]
    [TestCase("--hidden-gain", "-2", "a non-negative and non-zero value.")]
    [TestCase("--time-scale", "0", "a non-negative and non-zero value.")]
    [TestCase("--references", "70000", "less than or equal to 65536.")]
    [TestCase("--held-out", "0.7", "less than or equal to 0.5.")]
    public void A_number_of_an_application_as_well(string option, string value, string rule) =>
        ToolRun.Of([.. CellClouds.Words("batch-effect", CellClouds.Write(folder, "clouds.csv")), option, value]).Refuses($"{option} is {value}; it must be {rule}");

    [Test]
    public void Coordinates_are_not_counted_where_they_are_named() =>
        ToolRun.Of(["train", data, "-o", folder.File("m.flow"), "--conditions", "group", "--columns", "x,y", "--first", "1", .. SmallTable.Tiny])
            .Refuses("--first is 1", "--columns", "--representation");

    [Test]
    public void A_condition_is_no_coordinate_beside_it() =>
        ToolRun.Of(["train", data, "-o", folder.File("m.flow"), "--continuous", "x", "--columns", "x,y"]).Refuses("--columns: column 'x' is a condition");

    [Test]
    public void A_schedule_without_noise_takes_none() =>
        SmallTable.Train(data, folder.File("m.flow"), "--schedule", "deterministic", "--sigma-min", "0.1").Refuses("--sigma-min is 0.1", "--schedule deterministic");
}
