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
    public void A_schedule_without_noise_takes_none() =>
        SmallTable.Train(data, folder.File("m.flow"), "--schedule", "deterministic", "--sigma-min", "0.1").Refuses("--sigma-min is 0.1", "--schedule deterministic");
}
