using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowRatio.Cli;
using FlowRatio.Cli.Terminal;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>Nothing is lost: killed and interrupted trainings go on to the same file, bit by bit.</summary>
public sealed class ResumeTests
{
    private const int Kills = 20;

    private TemporaryFolder folder = null!;
    private string data = null!;

    [SetUp]
    public void WriteTable()
    {
        folder = new TemporaryFolder();
        data = SmallTable.Write(folder);
    }

    [TearDown]
    public void DeleteTable() => folder.Dispose();

    [Test]
    public void Killed_at_twenty_random_moments_it_ends_with_the_same_file()
    {
        Finish(Arguments("whole.flow"));
        byte[] whole = File.ReadAllBytes(folder.File("whole.flow"));
        string model = folder.File("killed.flow");

        // A checkpoint after every step: many of the kills hit the writing of one. The first milliseconds are the runtime's start.
        string[] arguments = [.. Arguments("killed.flow"), "--checkpoint-minutes", "0", "--resume"];
        var random = new Random(20);
        int kills = 0, withCheckpoint = 0;
        while (kills < Kills)
        {
            using Process process = ToolRun.Start(arguments);
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(random.Next(200, 1500)))
            {
                process.Kill();
                process.WaitForExit();
                kills++;
                withCheckpoint += File.Exists(model + ".checkpoint") ? 1 : 0;
                continue;
            }

            // Finished before it could be killed: compare, and once more from the beginning.
            Assert.That(process.ExitCode, Is.Zero, error.Result + output.Result);
            Assert.That(File.ReadAllBytes(model), Is.EqualTo(whole));
            File.Delete(model);
        }

        Finish(arguments);
        Assert.That(File.ReadAllBytes(model), Is.EqualTo(whole));
        Assert.That(File.Exists(model + ".checkpoint"), Is.False, "no longer needed");
        TestContext.Out.WriteLine($"{withCheckpoint} of {kills} kills left a checkpoint.");
    }

    [Test]
    public void Ctrl_C_ends_with_130_and_the_command_that_continues()
    {
        string model = folder.File("m.flow");
        string[] arguments = [.. Arguments("m.flow").Select(word => word == "300" ? "1000000" : word)];
        using (Process process = ToolRun.Start(arguments))
        {
            // The line with the covariates is written just before the first step.
            string? line;
            while ((line = process.StandardError.ReadLine()) is not null && !line.StartsWith("Covariates", StringComparison.Ordinal))
            {
            }

            Thread.Sleep(300);
            using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            {
                kill.WaitForExit();
            }

            ToolRun run = ToolRun.Finish(process);
            Assert.That(run.ExitCode, Is.EqualTo(130), run.Error);
            Assert.That(run.Error, Does.Contain("Stopped after step").And.Contain("--resume").And.Contain("flowratio train"));
        }

        Assert.That(File.Exists(model), Is.False);
        Assert.That(File.Exists(model + ".checkpoint"), Is.True);
    }

    [Test]
    public void An_interrupted_training_in_this_process_continues_to_the_same_file()
    {
        ToolRun.Of(Arguments("whole.flow")).Succeeds();
        using var source = new CancellationTokenSource();
        source.Cancel();
        ToolRun stopped = ToolRun.Of(source.Token, Arguments("m.flow"));
        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.Error);
        ToolRun.Of([.. Arguments("m.flow"), "--resume"]).Succeeds();
        Assert.That(File.ReadAllBytes(folder.File("m.flow")), Is.EqualTo(File.ReadAllBytes(folder.File("whole.flow"))));
    }

    [Test]
    public void A_checkpoint_says_how_many_steps_are_done()
    {
        // Stopped at the first sign of progress: between two points of the learning curve.
        using var source = new CancellationTokenSource();
        using var error = new StoppingWriter(source);
        int code = Tool.RunAsync(Arguments("m.flow"), new ToolTerminal(TextWriter.Null, error, isInteractive: true), source.Token).GetAwaiter().GetResult();
        Assert.That(code, Is.EqualTo(130), error.ToString());
        string step = Regex.Match(error.ToString(), @"Stopped after step (\d+)").Groups[1].Value;
        Assert.That(int.Parse(step, CultureInfo.InvariantCulture), Is.Positive);
        Assert.That(ToolRun.Of("info", folder.File("m.flow.checkpoint")).Succeeds().Output, Does.Match($@"training\s+{step} steps, weights of step "));
    }

    [Test]
    public void Interrupted_before_the_first_step_it_has_no_checkpoint_and_says_so()
    {
        // Fitting a base looks at the cancellation before it begins.
        string checkpoint = folder.File("m.flow.checkpoint");
        using var source = new CancellationTokenSource();
        source.Cancel();
        ToolRun stopped = ToolRun.Of(source.Token, [.. Arguments("m.flow"), "--base", "weights:2"]);
        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.Error);
        Assert.That(stopped.Error, Does.Contain("nothing was saved").And.Not.Contain("has everything"));
        Assert.That(File.Exists(checkpoint), Is.False);

        Stop("m.flow");
        byte[] kept = File.ReadAllBytes(checkpoint);
        stopped = ToolRun.Of(source.Token, [.. Arguments("m.flow"), "--base", "weights:2", "--resume"]);
        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.Error);
        Assert.That(stopped.Error, Does.Contain("is as it was").And.Contain(checkpoint).And.Not.Contain("has everything"));
        Assert.That(File.ReadAllBytes(checkpoint), Is.EqualTo(kept));
    }

    [Test]
    public void Other_options_are_refused_with_their_difference()
    {
        Stop("m.flow");
        ToolRun.Of([.. Arguments("m.flow"), "--resume", "--batch", "77"]).Refuses("BatchSize is 256 there and 77 here", "m.flow.checkpoint");
        ToolRun.Of(Arguments("m.flow")).Succeeds();
        Assert.That(File.Exists(folder.File("m.flow.checkpoint.previous")), Is.True, "set aside, not lost");
    }

    [Test]
    public void A_complete_model_is_not_trained_again()
    {
        ToolRun.Of(Arguments("m.flow")).Succeeds();
        ToolRun again = ToolRun.Of([.. Arguments("m.flow"), "--resume"]).Succeeds();
        Assert.That(again.Error, Does.Contain("is complete"));
        ToolRun.Of([.. Arguments("m.flow"), "--resume", "--seed", "4"]).Refuses("another training", "Seed is 1 there and 4 here");
    }

    private static void Finish(string[] arguments)
    {
        using Process process = ToolRun.Start(arguments);
        ToolRun.Finish(process).Succeeds();
    }

    private void Stop(string model)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(ToolRun.Of(source.Token, Arguments(model)).ExitCode, Is.EqualTo(130));
    }

    private string[] Arguments(string model) =>
        ["train", data, "-o", folder.File(model), "--conditions", "group", "--columns", "x,y", .. SmallTable.Tiny];

    private sealed class StoppingWriter(CancellationTokenSource source) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.Contains("training: ", StringComparison.Ordinal) == true)
            {
                source.Cancel();
            }
        }
    }
}
