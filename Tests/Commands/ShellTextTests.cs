using System.Diagnostics;
using FlowRatio.Commands.Output;

namespace FlowRatio.Tests.Commands;

/// <summary>Words as a shell reads them.</summary>
public sealed class ShellTextTests
{
    private static readonly string[] Hard =
        ["two words", "it's", "PC*", "$HOME", "`id`", "a;b", "a|b", "a&b", "(x)", "~", "#", "\"", "\\", "", "line\nbreak", "!", "[ab]", "{a,b}", "<", "é"];

    [TestCase("PC1,PC2")]
    [TestCase("group=A")]
    [TestCase("--columns")]
    [TestCase("/data/10x_pbmc68k-2.h5ad")]
    [TestCase("CD4+/CD25@50%")]
    public void A_plain_word_stays_as_it_is(string word) => Assert.That(ShellText.Of(word), Is.EqualTo(word));

    [TestCase("PC*", "'PC*'")]
    [TestCase("two words", "'two words'")]
    [TestCase("it's", @"'it'\''s'")]
    [TestCase("", "''")]
    public void Another_stands_in_single_quotes(string word, string quoted) => Assert.That(ShellText.Of(word), Is.EqualTo(quoted));

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_shell_reads_the_words_again()
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "printf '%s\\0' " + ShellText.Line(Hard)]) { RedirectStandardOutput = true })!;
        string read = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.That(read.Split('\0')[..^1], Is.EqualTo(Hard));
    }
}
