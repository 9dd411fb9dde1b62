using System.CommandLine;
using FlowRatio.Commands.Arguments;

namespace FlowRatio.Tests.Commands;

/// <summary>The command of a page, as it can be typed again.</summary>
public sealed class FlowArgumentsTests
{
    [TestCase("--width 16 --batch 16", "--width 16 --batch 16")]
    [TestCase("--json 16 --width 16 --report 16.html --batch 16", "--width 16 --batch 16", Description = "outputs are left out by place")]
    [TestCase("--json=--width --width 16", "--width 16")]
    [TestCase("--base \"a b*\"", "--base 'a b*'")]
    public void Repeats_the_words_without_the_outputs(string typed, string repeated)
    {
        var command = new Command("experiment");
        var arguments = new FlowArguments(command, "s1", 10, ["s1"]);
        Assert.That(arguments.CommandLine(command.Parse(typed), "run"), Is.EqualTo($"run {repeated}"));
    }
}
