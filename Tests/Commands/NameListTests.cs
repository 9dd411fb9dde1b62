using FlowRatio.Commands.Arguments;

namespace FlowRatio.Tests.Commands;

/// <summary>Lists of names: every name can be in one.</summary>
public sealed class NameListTests
{
    [TestCase(null)]
    [TestCase("")]
    [TestCase("a", "a")]
    [TestCase("a, b ,,c", "a", "b", "c")]
    [TestCase("a,\"b,c\" , d", "a", "b,c", "d")]
    [TestCase("\" a \"", " a ")]
    [TestCase("\"say \"\"hi\"\"\"", "say \"hi\"")]
    [TestCase("\"open,b", "\"open", "b")]
    [TestCase("\"a\"b,c", "\"a\"b", "c")]
    [TestCase("it's,x=y,PC*", "it's", "x=y", "PC*")]
    public void Reads_names(string? list, params string[] names) => Assert.That(NameList.Read(list), Is.EqualTo(names));

    [TestCase("a,b", "a", "b")]
    [TestCase("c,d", "c,d")]
    [TestCase("a,c,d,b", "a", "c,d", "b")]
    [TestCase("\"a,b\"", "a,b")]
    [TestCase(" e", " e")]
    [TestCase("f,  g", "f", "g")]
    [TestCase("x,y", "x", "y")]
    public void Finds_known_names_as_they_are(string list, params string[] names) =>
        Assert.That(NameList.Read(list, ["a", "b", "a,b", "c,d", " e", "f", "g"]), Is.EqualTo(names));

    [Test]
    public void A_quoted_name_is_read_again()
    {
        string[] hard = ["a,b", " a", "a ", "\"", "\"a\"", "a\"b", ",", "", "\"\",\"", "a=b", "new\nline", "-x", "*"];
        foreach (string name in hard.Where(name => name.Length > 0))
        {
            Assert.That(NameList.Read(NameList.Quote(name)), Is.EqualTo(new[] { name }));
            Assert.That(NameList.One(NameList.InQuotes(name), []), Is.EqualTo(name));
        }

        string[] some = [.. hard.Where(name => name.Length > 0)];
        Assert.That(NameList.Read(string.Join(',', some.Select(NameList.Quote))), Is.EqualTo(some));
    }

    [TestCase("a,b", "a,b")]
    [TestCase("\"q\"", "\"q\"")]
    [TestCase("\"a,b\"", "a,b")]
    [TestCase(" plain ", "plain")]
    [TestCase("other", "other")]
    public void One_name_needs_no_quotes(string text, string name) => Assert.That(NameList.One(text, ["a,b", "\"q\"", "plain"]), Is.EqualTo(name));
}
