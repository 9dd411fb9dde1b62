using System.Text;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.Tables;

/// <summary>Numbers with either decimal mark, and what other fields may have been meant as.</summary>
public sealed class NumberTextTests
{
    [TestCase('.', "0.5", 0.5)]
    [TestCase('.', " -1e3 ", -1000)]
    [TestCase('.', "7", 7)]
    [TestCase(',', "0,5", 0.5)]
    [TestCase(',', "-1,5e-1", -0.15)]
    [TestCase(',', "7", 7)]
    [TestCase(',', "1,234", 1.234)]
    public void Reads_numbers_with_its_mark(char mark, string text, double expected)
    {
        var numbers = new NumberText(mark);
        Assert.That(numbers.TryParse(Encoding.UTF8.GetBytes(text), out double value));
        Assert.That(value, Is.EqualTo(expected));
        Assert.That(numbers.TryParse(text, out value));
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase('.', "0,5", "OtherMark")]
    [TestCase('.', "0,123", "OtherMark")]
    [TestCase('.', "12,5e3", "OtherMark")]
    [TestCase('.', "1,234", "GroupedOrOtherMark")]
    [TestCase('.', "1,234.5", "Grouped")]
    [TestCase('.', "1,234,567", "Grouped")]
    [TestCase('.', "1 234", "Grouped")]
    [TestCase('.', "1'234.5", "Grouped")]
    [TestCase(',', "0.5", "OtherMark")]
    [TestCase(',', "1.234,5", "Grouped")]
    [TestCase(',', "1.234", "GroupedOrOtherMark")]
    [TestCase('.', "<0.5", "Beginning")]
    [TestCase('.', "5 mg", "Beginning")]
    [TestCase('.', "1e400", "Beginning")]
    [TestCase('.', "\u22120.5", "Beginning")]
    [TestCase('.', "#DIV/0!", "None")]
    [TestCase('.', "-", "None")]
    [TestCase('.', "", "None")]
    [TestCase('.', "d1", "None")]
    public void Other_fields_are_no_numbers_but_may_look_like_one(char mark, string text, string spelling)
    {
        var numbers = new NumberText(mark);
        byte[] field = Encoding.UTF8.GetBytes(text);
        Assert.That(numbers.TryParse(field, out double _), Is.False);
        Assert.That(numbers.SpellingOf(field).ToString(), Is.EqualTo(spelling));
        Assert.That(numbers.Describe(field), Does.Contain($"'{text}'").And.Contain("not a finite number"));
    }
}
